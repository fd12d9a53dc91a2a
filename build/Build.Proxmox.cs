using Nuke.Common;
using Nuke.Common.Utilities.Collections;
using RunnerBuild;
using RunnerBuild.Operating;

/// <summary>Targets about the machines themselves and the systems they need, beside the chain.</summary>
partial class Build
{
    [Parameter("CreateVm: restart a running VM where a change needs it, once its runners have ended their jobs")]
    readonly bool AllowRestart;

    [Parameter("CreateVm: a VM without the fleet's mark becomes that of the host that --limit names")]
    readonly bool Adopt;

    [Parameter("BootstrapHost: take a snapshot of the VM before its engine is installed or upgraded; RollbackVm goes back to it")]
    readonly bool Snapshot;

    Target CreateTemplate => _ => _
        .Description("Make a template of a distribution's cloud image on a Proxmox VE that has none (templateImage in the fleet)")
        .Executes(MakeTemplates);

    Target DestroyVm => _ => _
        .Description("End the runners of each host's VM, deregister them, and remove the VM with its disks (--limit, --yes, --timeout)")
        .Executes(DestroyMachines);

    Target RollbackVm => _ => _
        .Description("Put each host's VM back to the snapshot that --snapshot took; what it wrote since is lost (--limit, --yes, --timeout)")
        .Executes(RollMachinesBack);

    async Task MakeTemplates()
    {
        var site = DryRun ? await OpenRunningSite() : await OpenSite();
        var changes = await TemplateCreation.RunAsync(site, Cancel);
        _foundChanges |= DryRun && changes > 0;
        ReportSummary(_ => _.AddPair("", changes == 0 ? "nothing to do" : $"{changes} changes {(DryRun ? "to make" : "made")}"));
    }

    async Task DestroyMachines()
    {
        var site = await OpenRunningSite();
        if (!DryRun && !Yes && await site.PlanAsync(site.Destruction, Cancel))
            RequireTyped([.. site.Sessions.Where(session => session.Host.Vm is not null).Select(session => session.Name)], "Their disks go for good.");
        var summary = await site.ConvergeAsync(site.Destruction, Cancel);
        ReportSummary(_ => _.AddPair("", summary));
    }

    async Task RollMachinesBack()
    {
        var site = await OpenRunningSite();
        await VirtualMachineRollback.PreviewAsync(site, Cancel);
        _foundChanges |= DryRun;
        if (DryRun)
            return;
        if (!Yes)
            RequireTyped([.. site.Sessions.Select(session => session.Name)], "What they wrote since then is lost.");
        var summary = await VirtualMachineRollback.RunAsync(site, Cancel);
        ReportSummary(_ => _.AddPair("", summary));
    }

    /// <summary>A name cannot be typed by accident.</summary>
    static void RequireTyped(IReadOnlyCollection<string> hosts, string consequence)
    {
        var names = string.Join(' ', hosts);
        Console.Write($"{consequence} Type {(hosts.Count == 1 ? "the host's name" : "the hosts' names")} to go on ({names}): ");
        if (Console.ReadLine()?.Trim() != names)
            throw new RunnerBuildException("Nothing was done.", "It was not confirmed.", $"Type `{names}`, or add --yes.");
    }
}
