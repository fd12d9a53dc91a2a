using System.Globalization;
using System.Security.Cryptography;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Verifying;

/// <summary>
/// Real jobs on our own runners: one that shows a runner works, and two in a row on one slot that show it is fresh: the first leaves marks
/// wherever a job can write, the second must see none of them.
/// </summary>
internal sealed class CanaryChecks(Canary canary, GitHubAccess github)
{
    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(3);

    /// <summary>One job that uses what an ordinary job uses, on a slot of the host.</summary>
    public Task<Check> RunsAsync(HostSession session, WantedSlot slot, CancellationToken cancel) => AttemptAsync(session, "canary job", async () =>
    {
        var outcome = await DispatchAsync("canary", await SetApartAsync(session, slot, jobs: 1, cancel), cancel);
        var ours = IsOf(session, outcome);
        return Check.Of(
            session.Name, "canary job", outcome.Conclusion == "success" && ours,
            ours ? $"{outcome.Conclusion} on {outcome.Runner}" : $"ran on {outcome.Runner ?? "no runner"}, which is not this host's: {outcome.Url}");
    });

    /// <summary>Two jobs on one slot of the host, reached by a label that only this slot's next two runners have.</summary>
    public Task<Check> LeavesNoTraceAsync(HostSession session, WantedSlot slot, CancellationToken cancel) => AttemptAsync(session, Freshness(slot), async () =>
    {
        var label = await SetApartAsync(session, slot, jobs: 2, cancel);
        var left = await DispatchAsync("mark", label, cancel);
        if (left.Conclusion != "success")
            return Check.Of(session.Name, Freshness(slot), false, $"the job that leaves marks ended with {left.Conclusion}: {left.Url}");
        var looked = await DispatchAsync("look", label, cancel);
        if (!IsOf(session, left) || !IsOf(session, looked) || left.Runner == looked.Runner)
            return Check.Of(session.Name, Freshness(slot), false, $"the two jobs ran on {left.Runner} and {looked.Runner}, not on two runners of this host: {looked.Url}");
        var fresh = looked.Conclusion == "success";
        return Check.Of(session.Name, Freshness(slot), fresh, $"{looked.Runner} saw {(fresh ? "nothing" : "something")} that {left.Runner} left behind{(fresh ? "" : $": {looked.Url}")}");
    });

    private static string Freshness(WantedSlot slot) => $"freshness of {slot.Name}";

    private static async Task<Check> AttemptAsync(HostSession session, string subject, Func<Task<Check>> prove)
    {
        try
        {
            return await prove();
        }
        catch (RunnerBuildException fault)
        {
            return Check.Of(session.Name, subject, false, fault.Message);
        }
    }

    private static async Task<string> SetApartAsync(HostSession session, WantedSlot slot, int jobs, CancellationToken cancel)
    {
        var label = $"runnerbuild-{Nonce()}";
        var machine = await session.MachineAsync(cancel);
        await machine.CheckAsync(
            "Setting a slot apart", $"{HostPaths.Control} probe \"$1\" --label \"$2\" --jobs \"$3\" --seconds {(int)Limit.TotalSeconds * jobs}",
            [slot.Name, label, jobs.ToString(CultureInfo.InvariantCulture)], null, cancel);
        return label;
    }

    private static bool IsOf(HostSession session, WorkflowOutcome outcome) => outcome.Runner is { } runner && RemovalPlan.IsOf(session.Host, runner);

    // A nonce for each: where GitHub does not name the run that was started, it is found by it.
    private async Task<WorkflowOutcome> DispatchAsync(string phase, string label, CancellationToken cancel) =>
        await new WorkflowDispatch(canary, await github.TokenAsync(canary.Scope, cancel, TokenUse.Workflows))
            .RunAsync(new Dictionary<string, string> { ["label"] = label, ["phase"] = phase, ["nonce"] = Nonce() }, Limit, cancel);

    private static string Nonce() => Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6));
}
