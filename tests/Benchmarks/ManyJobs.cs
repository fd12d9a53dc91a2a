using System.Globalization;

namespace Benchmarks;

/// <summary>Many jobs over four slots: each ends, on a runner of its own, and the supervisor's memory does not grow.</summary>
internal static class ManyJobs
{
    private const int Batches = 10;

    public static async Task MeasureAsync(BenchLab lab, int jobs, CancellationToken cancel)
    {
        await lab.DeployAsync("- { name: dind, count: 2, labels: [many] }\n- { name: none, count: 2, docker: none, labels: [many] }", cancel);
        var runners = new List<string>();
        var memory = new List<double>();
        var failed = 0;
        var started = TimeProvider.System.GetTimestamp();
        for (var batch = 0; batch < Batches; batch++)
        {
            var queued = new List<long>();
            for (var job = 0; job < jobs / Batches; job++)
                queued.Add(await lab.QueueAsync("echo a >mark; sudo touch /mark", "many", cancel));
            foreach (var id in queued)
            {
                var ended = await lab.EndAsync(id, cancel);
                failed += ended.Conclusion == "success" ? 0 : 1;
                runners.Add(ended.RunnerName ?? "");
            }
            memory.Add(await Host.AnonymousMegabytesAsync(cancel));
        }

        await Host.SettledAsync(4, cancel);
        var registered = await lab.RunnersAsync(cancel);
        var left = await BenchLab.OnHostAsync("docker ps --all --quiet | wc -l; docker volume ls --quiet | wc -l; docker network ls --quiet | wc -l", cancel);
        Console.WriteLine(string.Create(
            CultureInfo.InvariantCulture,
            $"""
            {runners.Count} jobs over 4 slots in {TimeProvider.System.GetElapsedTime(started).TotalSeconds:0} s: {failed} failed, {runners.Distinct().Count()} different runners
              registrations left: {registered.Count}, of them {registered.Count(runner => runner.Online)} online
              containers, volumes, networks on the host: {string.Join(", ", left.Split('\n', StringSplitOptions.RemoveEmptyEntries))}
              anonymous memory of the supervisor after each tenth, MB: {string.Join(" ", memory.Select(megabytes => megabytes.ToString("0.0", CultureInfo.InvariantCulture)))}
            """));
    }
}
