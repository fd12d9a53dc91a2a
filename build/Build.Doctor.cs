using Nuke.Common;
using RunnerBuild.Terminal;

/// <summary>What is wrong, or will be, between the fleet and the systems that it needs.</summary>
partial class Build
{
    Target Doctor => _ => _
        .Description("Look for what is wrong or will be, with GitHub, Proxmox VE and the hosts' way out; change nothing; each finding has the line that fixes it (--json)")
        .Executes(Examine);

    async Task Examine()
    {
        var findings = await RunnerBuild.Diagnosing.Doctor.RunAsync(await OpenRunningSite(), Cancel);
        if (Json)
            await Data.WriteLineAsync(FindingList.Json(findings));
        else
            FindingList.Write(Console.Out, findings, Colored);
        RunnerBuild.Diagnosing.Doctor.RequireHealthy(findings);
    }
}
