using System.Security.Cryptography;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Verifying;

/// <summary>
/// Real jobs on our own runners: one that shows a runner works, and two in a row on one slot that show it is fresh: the first leaves marks
/// wherever a job can write, the second must see none of them.
/// </summary>
internal sealed class CanaryChecks(Canary canary, GitHubAccess github)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    /// <param name="label">A label that only the fleet's runners have, or the first one of its pools.</param>
    /// <param name="prefixes">How names of the fleet's runners begin: the hosts' names.</param>
    public async Task<Check> RunsAsync(string label, IReadOnlyList<string> prefixes, CancellationToken cancel)
    {
        const string Subject = "canary job";
        try
        {
            var outcome = await DispatchAsync("canary", label, Nonce(), cancel);
            var ours = outcome.Runner is { } runner && prefixes.Any(prefix => runner.StartsWith($"{prefix}-", StringComparison.Ordinal));
            return Check.Of(
                null, Subject, outcome.Conclusion == "success" && ours,
                ours ? $"{outcome.Conclusion} on {outcome.Runner}" : $"ran on {outcome.Runner ?? "no runner"}, which is not one of the fleet's: {outcome.Url}");
        }
        catch (RunnerBuildException fault)
        {
            return Check.Of(null, Subject, false, fault.Message);
        }
    }

    /// <summary>Two jobs on one slot of the host, reached by a label that only this slot's next two runners have.</summary>
    public async Task<Check> LeavesNoTraceAsync(HostSession session, WantedSlot slot, CancellationToken cancel)
    {
        var subject = $"freshness of {slot.Name}";
        var nonce = Nonce();
        var label = $"runnerbuild-{nonce}";
        var machine = await session.MachineAsync(cancel);
        try
        {
            await machine.CheckAsync("Setting a slot apart", $"{HostPaths.Control} probe \"$1\" --label \"$2\" --jobs 2", [slot.Name, label], null, cancel);
            var left = await DispatchAsync("mark", label, nonce, cancel);
            if (left.Conclusion != "success")
                return Check.Of(session.Name, subject, false, $"the job that leaves marks ended with {left.Conclusion}: {left.Url}");
            var looked = await DispatchAsync("look", label, nonce, cancel);
            return Check.Of(
                session.Name, subject, looked.Conclusion == "success",
                looked.Conclusion == "success" ? $"{looked.Runner} saw nothing that {left.Runner} left behind" : $"{looked.Runner} saw what {left.Runner} left behind: {looked.Url}");
        }
        catch (RunnerBuildException fault)
        {
            return Check.Of(session.Name, subject, false, fault.Message);
        }
    }

    private async Task<WorkflowOutcome> DispatchAsync(string phase, string label, string nonce, CancellationToken cancel) =>
        await new WorkflowDispatch(canary, await github.TokenAsync(canary.Scope, cancel))
            .RunAsync(new Dictionary<string, string> { ["label"] = label, ["phase"] = phase, ["nonce"] = nonce }, Limit, cancel);

    private static string Nonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
}
