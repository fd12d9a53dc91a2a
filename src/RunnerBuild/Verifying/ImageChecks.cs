using System.Collections.Immutable;
using System.Security.Cryptography;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Verifying;

/// <summary>Real jobs on a candidate's slot: what nearly every job does, the image's tools, Docker in each way that jobs use it, and that nothing is left of one job for the next.</summary>
internal sealed class ImageChecks(Canary canary, GitHubAccess github, TimeSpan limit)
{
    /// <summary>Stops at the first workflow that fails: what comes after it would only take time.</summary>
    /// <param name="tools">Names of the tool sets that the image must have.</param>
    public async Task<IReadOnlyList<Check>> RunAsync(HostSession session, Candidate candidate, IEnumerable<string> tools, CancellationToken cancel)
    {
        var inputs = new Dictionary<string, string>
        {
            ["label"] = candidate.Label, ["docker"] = candidate.Mode, ["image"] = canary.Image, ["tools"] = string.Join(' ', tools),
        };
        var proved = await DispatchAsync(canary with { Workflow = canary.ImageWorkflow }, inputs, cancel);
        var checks = ChecksOf(session.Host, candidate, proved);
        return checks.Any(check => check.Verdict != Verdict.Good) ? checks : [.. checks, await FreshnessAsync(session.Host, candidate, cancel)];
    }

    /// <summary>A check a job; those that the mode of Docker leaves out are none.</summary>
    internal static ImmutableArray<Check> ChecksOf(Host host, Candidate candidate, WorkflowOutcome run)
    {
        var jobs = run.Jobs.Where(job => job.Conclusion != "skipped").ToList();
        return jobs.Count == 0
            ? [Check.Of(host.Name, $"{candidate.Mode}: image canary", false, $"ended with {run.Conclusion} and ran no job: {run.Url}")]
            : [.. jobs.Select(job => Of(host, $"{candidate.Mode}: {job.Name}", job))];
    }

    private static Check Of(Host host, string subject, JobOutcome job) => job switch
    {
        { Conclusion: not "success" } => Check.Of(host.Name, subject, false, $"{job.Conclusion}{(job.Step is { } step ? $" at \"{step}\"" : "")} on {job.Runner ?? "no runner"}; log: {job.Url}"),
        { Runner: { } runner } when RemovalPlan.IsOf(host, runner) => Check.Of(host.Name, subject, true, $"success on {runner}"),
        _ => Check.Of(host.Name, subject, false, $"ran on {job.Runner ?? "no runner"}, which is not this host's: {job.Url}"),
    };

    private async Task<Check> FreshnessAsync(Host host, Candidate candidate, CancellationToken cancel)
    {
        var subject = $"{candidate.Mode}: freshness";
        WorkflowOutcome? left = null;
        foreach (var phase in new[] { "mark", "look" })
        {
            var run = await DispatchAsync(canary, new Dictionary<string, string> { ["label"] = candidate.Label, ["phase"] = phase }, cancel);
            if (run.Conclusion != "success" || run.Runner == left?.Runner)
                return Check.Of(host.Name, subject, false, phase == "mark" ? $"the job that leaves marks ended with {run.Conclusion}: {run.Url}" : $"{run.Runner} saw something that {left!.Runner} left behind, or is the same: {run.Url}");
            left = run;
        }

        return Check.Of(host.Name, subject, true, $"{left!.Runner} saw nothing of the job before it");
    }

    private async Task<WorkflowOutcome> DispatchAsync(Canary workflow, Dictionary<string, string> inputs, CancellationToken cancel) =>
        await new WorkflowDispatch(workflow, await github.TokenAsync(canary.Scope, cancel, TokenUse.Workflows))
            .RunAsync(new Dictionary<string, string>(inputs) { ["nonce"] = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(6)) }, limit, cancel);
}
