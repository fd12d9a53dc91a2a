using System.Collections.Immutable;
using System.Text.RegularExpressions;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Verifying;

namespace RunnerBuild.Operating;

/// <summary>An image in the spare slots of one host: they appear, jobs prove it, they go. The host's own slots serve all the time with what they had.</summary>
internal sealed partial class CandidateProof(Site site, Canary canary, RunnerImage image)
{
    public async Task<ImmutableArray<Check>> RunAsync(HostSession session, ImmutableArray<Candidate> candidates, CancellationToken cancel)
    {
        session.Kept = await ServingImage.OfAsync(session, cancel);
        session.Candidates = [.. candidates.Select(candidate => candidate.Pool(image.Reference))];
        session.Awaited = [.. WantedSlot.Of(session.Host, "").Where(slot => session.Candidates.Contains(slot.Pool)).Select(slot => slot.Name)];
        try
        {
            await DeployAsync(session, cancel);
            var checks = new List<Check>();
            foreach (var candidate in candidates.TakeWhile(_ => checks.All(check => check.Verdict == Verdict.Good)))
                checks.AddRange(await JobsAsync(session, candidate, cancel));
            return [.. checks];
        }
        catch (RunnerBuildException fault)
        {
            return [Check.Of(session.Name, "candidate's slot", false, $"{fault.What} {fault.Why} Its log is on the host: `journalctl {string.Join(" ", session.Awaited.Select(slot => $"RUNNERBUILD_SLOT={slot}"))}`")];
        }
        finally
        {
            session.Candidates = [];
            await DeployAsync(session, cancel);
            (session.Awaited, session.Kept) = (null, null);
        }
    }

    private async Task<IReadOnlyList<Check>> JobsAsync(HostSession session, Candidate candidate, CancellationToken cancel)
    {
        try
        {
            return await new ImageChecks(canary, site.GitHub, site.Options.CanaryLimit).RunAsync(session, candidate, ToolsWithChecks(), cancel);
        }
        catch (RunnerBuildException fault)
        {
            return [Check.Of(session.Name, $"{candidate.Mode}: image canary", false, $"{fault.What} {fault.Why} {await StateAsync(session, candidate, cancel)}")];
        }
    }

    /// <summary>Once, and without more than that it says how the spare slots are: those of the fleet may be in any state, which is often why the image is refreshed.</summary>
    private async Task DeployAsync(HostSession session, CancellationToken cancel)
    {
        session.Forget();
        var changes = await site.Runners.PlanAsync(session, cancel);
        site.Report.Plan("RefreshImage", session.Name, changes);
        if (changes.FirstOrDefault(change => change.Refusal is not null) is { Refusal: { } refusal } refused)
            throw new RunnerBuildException($"{session.Name} is not touched.", $"{refused.Resource} {refused.Field}: {refused.From}", refusal);
        if (!changes.IsEmpty)
            await site.Runners.ApplyAsync(session, changes, cancel);
        session.Forget();
    }

    private static async Task<string> StateAsync(HostSession session, Candidate candidate, CancellationToken cancel)
    {
        var slot = (await SupervisorAnswer.ReadAsync(await session.MachineAsync(cancel), cancel))?.Slots.FirstOrDefault(status => status.Pool == $"candidate-{candidate.Mode}");
        return slot is null ? "" : $"Its slot {slot.Name} is {slot.State}{(slot.Reason is { } reason ? $": {reason}" : ".")}";
    }

    private IEnumerable<string> ToolsWithChecks()
    {
        var checks = image.Context.Files().Select(file => CheckFile().Match(file.Path)).Where(match => match.Success).Select(match => match.Groups["tool"].Value).ToHashSet();
        return site.Fleet.Image.Context is null ? site.Fleet.Image.Tools.Select(tool => tool.Name).Where(checks.Contains) : [];
    }

    [GeneratedRegex("^tools/(?<tool>[^/]+)[.]check$")]
    private static partial Regex CheckFile();
}
