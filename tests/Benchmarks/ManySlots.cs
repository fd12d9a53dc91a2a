using System.Globalization;

namespace Benchmarks;

/// <summary>What the supervisor takes while sixteen slots wait for jobs.</summary>
internal static class ManySlots
{
    private const int Slots = 16;

    public static async Task MeasureAsync(BenchLab lab, CancellationToken cancel)
    {
        await lab.DeployAsync($"- {{ name: none, count: {Slots}, docker: none, labels: [idle] }}", cancel);
        await Host.SettledAsync(Slots, cancel);
        await Task.Delay(TimeSpan.FromSeconds(10), cancel);
        var before = await Host.ProcessorSecondsAsync(cancel);
        await Task.Delay(TimeSpan.FromSeconds(60), cancel);
        var percent = (await Host.ProcessorSecondsAsync(cancel) - before) / 60 * 100;
        var memory = await Host.AnonymousMegabytesAsync(cancel);
        Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{Slots} idle slots: {memory:0.0} MB of anonymous memory (40 asked for), {percent:0.00} % of a core (0.5 asked for)"));
    }
}
