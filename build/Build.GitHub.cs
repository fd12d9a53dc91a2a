using Nuke.Common;
using RunnerBuild;
using RunnerBuild.Diagnosing;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Terminal;

/// <summary>Targets that look at GitHub, and change nothing.</summary>
partial class Build
{
    [Parameter("Why: address of a run of a workflow, or its number in the canary's repository")]
    readonly string Run;

    Target Doctor => _ => _
        .Description("Look for what is wrong or will be: credentials, rights, groups, budget, clock, versions, exposure, the hosts' way to GitHub; each with the line that fixes it")
        .Executes(Examine);

    Target Why => _ => _
        .Description("Why the jobs of a run wait (--run URL or number): labels, groups, busy runners, parked slots, or something else")
        .Requires(() => Run)
        .Executes(ExplainQueue);

    async Task Examine()
    {
        var site = await OpenRunningSite();
        var findings = (await GitHubDoctor.ExamineAsync(site.Fleet, site.GitHub, GitHubHandler.Shared, Cancel)).ToList();
        foreach (var session in await Task.WhenAll(site.Sessions.Select(session => GitHubEgress.ExamineAsync(session, Cancel))))
            findings.AddRange(session);
        FindingTable.Write(Console.Out, findings, Colored);
        if (findings.Where(finding => finding.Level == GitHubFindingLevel.Bad).ToList() is { Count: > 0 } bad)
            throw new RunnerBuildException($"{bad.Count} of {findings.Count} findings are bad.", string.Join('\n', bad.Select(finding => $"{finding.Subject}: {finding.What}")), bad[0].Fix ?? "");
    }

    async Task ExplainQueue() => WaitingTable.Write(Console.Out, await RunnerBuild.Operating.Why.AskAsync(await OpenRunningSite(), Run, Cancel));
}
