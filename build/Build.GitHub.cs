using Nuke.Common;
using RunnerBuild.Terminal;

/// <summary>A target that looks at GitHub, and changes nothing.</summary>
partial class Build
{
    [Parameter("Why: address of a run of a workflow, or its number in the canary's repository")]
    readonly string Run;

    Target Why => _ => _
        .Description("Why the jobs of a run wait (--run URL or number): labels, groups, busy runners, parked slots, or something else")
        .Requires(() => Run)
        .Executes(ExplainQueue);

    async Task ExplainQueue() => WaitingTable.Write(Console.Out, await RunnerBuild.Operating.Why.AskAsync(await OpenRunningSite(), Run, Cancel));
}
