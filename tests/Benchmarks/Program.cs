using Benchmarks;

// Figures of the supervisor on a real host of a lab of its own. Arguments: which ones (recycle, many-jobs, many-slots; all), --jobs N.
var jobs = args.SkipWhile(argument => argument != "--jobs").Skip(1).FirstOrDefault() is { } number ? int.Parse(number) : 500;
var asked = args.TakeWhile(argument => argument != "--jobs").ToHashSet();
bool Asked(string name) => asked.Count == 0 || asked.Contains(name);

using var stop = new CancellationTokenSource();
Console.CancelKeyPress += (_, pressed) =>
{
    pressed.Cancel = true;
    stop.Cancel();
};
await using var lab = await BenchLab.StartAsync(stop.Token);
if (Asked("recycle"))
    await Recycle.MeasureAsync(lab, jobs: 20, stop.Token);
if (Asked("many-jobs"))
    await ManyJobs.MeasureAsync(lab, jobs, stop.Token);
if (Asked("many-slots"))
    await ManySlots.MeasureAsync(lab, stop.Token);
