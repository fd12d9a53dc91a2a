using Nuke.Common;
using RunnerBuild.Operating;

/// <summary>The targets: what each brings about, and what it stands on. How is in src/RunnerBuild.</summary>
partial class Build : NukeBuild
{
    /// <summary>What `--json` prints to; everything else then goes to standard error.</summary>
    static readonly TextWriter Data = Console.Out;

    public static int Main(string[] arguments)
    {
        if (arguments.Contains("--json"))
            Console.SetOut(Console.Error);
        var code = Execute<Build>();
        return code != 0 ? FailureCode(code) : _foundChanges ? 3 : 0;
    }

    Target CreateVm => _ => _
        .Description("Clone and configure each host's VM on Proxmox, start it, and learn its SSH host key")
        .ProceedAfterFailure()
        .Executes(() => Converge(site => site.Machines));

    Target BootstrapHost => _ => _
        .Description("Bring each host a Docker Engine, an account and folders for runners, and the right time")
        .DependsOn(CreateVm)
        .ProceedAfterFailure()
        .Executes(() => Converge(site => site.Bootstrap));

    Target BuildCustomImage => _ => _
        .Description("Build the runner image on each host; unchanged inputs need no build")
        .DependsOn(BootstrapHost)
        .ProceedAfterFailure()
        .Executes(() => Converge(site => site.Image));

    Target DeployRunners => _ => _
        .Description("Deploy the supervisor and have every slot serve; running jobs are left alone")
        .DependsOn(BuildCustomImage)
        .ProceedAfterFailure()
        .Executes(() => Converge(site => site.Runners));

    Target Verify => _ => _
        .Description("Ask everything again and let real jobs prove the runners; with --skip it only looks")
        .DependsOn(DeployRunners)
        .Executes(() => Prove(onlyLook: SkippedTargets.Contains(DeployRunners)));

    Target Status => _ => _
        .Description("Every slot of every host: state, runner, job, or the reason why it does not serve; fails when one is parked or a host does not answer")
        .Executes(ShowStatus);

    Target Drain => _ => _
        .Description("Take slots out of service until Resume: running jobs end (--wait, --timeout), no new ones start (--limit, --slot)")
        .Executes(() => OnSlots(site => SlotService.DrainAsync(site, [.. Slot], Wait, Cancel)));

    Target Resume => _ => _
        .Description("Let drained slots serve again (--limit, --slot)")
        .Executes(() => OnSlots(site => SlotService.ResumeAsync(site, [.. Slot], Cancel)));

    Target RemoveRunners => _ => _
        .Description("Take everything off the hosts again, once running jobs have ended; Docker Engine stays (--yes, --timeout)")
        .Executes(Remove);

    Target LabUp => _ => _
        .Description("Start the embedded lab; targets do it by themselves when the fleet is the lab's")
        .Executes(StartLab);

    Target LabDown => _ => _
        .Description("Remove the lab: its VMs with their volumes, its images, its network and its state")
        .Executes(EndLab);

    Target LabFault => _ => _
        .Description("Switch troubles of the lab's GitHub on and off (LabFault NAME=VALUE...); without, list them")
        .Executes(() => Lab.FaultAsync(Fault, Report.Raw, Cancel));

    Target LabJob => _ => _
        .Description("Queue a job on the lab's GitHub (--script, --labels), wait for it and print its log")
        .Requires(() => Script)
        .Executes(RunLabJob);
}
