using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Operating;

/// <summary>Drain and Resume: takes slots of hosts out of service, and gives them back.</summary>
internal static class SlotService
{
    /// <param name="slots">Empty: all.</param>
    /// <param name="wait">Until no job is left on them.</param>
    /// <returns>What was done, for the summary.</returns>
    public static async Task<string> DrainAsync(Site site, ImmutableArray<string> slots, bool wait, CancellationToken cancel)
    {
        RequireOneHost(site, slots);
        if (site.Options.DryRun)
            return await PlanAsync(site, slots, drained: true, cancel);
        var counts = await site.EachAsync(async session =>
        {
            var (machine, have) = await OfAsync(session, slots, cancel);
            await Draining.DrainAsync(machine, slots, cancel);
            var own = have.FirstOrDefault(slot => slot.Runner is not null && slot.Runner == site.Options.Runner)?.Name;
            if (wait)
                await Draining.WaitAsync(machine, slots, own, site.Options.Timeout, text => site.Report.Progress(session.Name, text), cancel);
            else
                site.Report.Note(session.Name, Sentence(have));
            return have.Count;
        });
        return $"{counts.Sum()} drained";
    }

    /// <param name="slots">Empty: all.</param>
    /// <returns>What was done, for the summary.</returns>
    public static async Task<string> ResumeAsync(Site site, ImmutableArray<string> slots, CancellationToken cancel)
    {
        RequireOneHost(site, slots);
        if (site.Options.DryRun)
            return await PlanAsync(site, slots, drained: false, cancel);
        var counts = await site.EachAsync(async session =>
        {
            var (machine, have) = await OfAsync(session, slots, cancel);
            await Draining.ResumeAsync(machine, slots, cancel);
            return have.Count;
        });
        return $"{counts.Sum()} resumed";
    }

    private static Task<string> PlanAsync(Site site, ImmutableArray<string> slots, bool drained, CancellationToken cancel) => site.ShowAsync(
        drained ? "Drain" : "Resume",
        async session => [.. ServicePlan.Diff((await OfAsync(session, slots, cancel)).Slots, drained)]);

    private static async Task<(SshMachine Machine, IReadOnlyList<SlotStatus> Slots)> OfAsync(HostSession session, ImmutableArray<string> slots, CancellationToken cancel)
    {
        var machine = await session.MachineAsync(cancel);
        var status = await SupervisorAnswer.ReadAsync(machine, cancel)
            ?? throw new RunnerBuildException($"The supervisor on {session.Name} does not answer.", "It is not deployed, or does not run.", "Run DeployRunners.");
        var unknown = slots.Except(status.Slots.Select(slot => slot.Name)).ToList();
        return unknown.Count == 0
            ? (machine, [.. status.Slots.Where(slot => slots.IsEmpty || slots.Contains(slot.Name))])
            : throw new RunnerBuildException(
                $"{session.Name} has no {string.Join(", ", unknown)}.", $"Its slots are {string.Join(", ", status.Slots.Select(slot => slot.Name))}.", "Name one of these with --slot.");
    }

    private static void RequireOneHost(Site site, ImmutableArray<string> slots)
    {
        if (!slots.IsEmpty && site.Sessions.Count() != 1)
            throw new ConfigurationException("--slot is for one host.", "Slots of different hosts have the same names.", "Add `--limit HOST`.");
    }

    private static string Sentence(IEnumerable<SlotStatus> slots) => string.Join('\n', slots.Select(slot =>
        slot.State == "Busy" ? $"{slot.Name}: {Rollout.Job(slot, TimeProvider.System.GetUtcNow())}; empty when it ends" : $"{slot.Name}: drained"));
}
