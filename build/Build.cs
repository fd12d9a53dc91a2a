using Nuke.Common;

/// <summary>The targets: what each brings about, and what it stands on. How is in src/RunnerBuild.</summary>
partial class Build : NukeBuild
{
    public static int Main() => Execute<Build>();

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

    Target LabUp => _ => _
        .Description("Start the embedded lab; targets do it by themselves when the fleet is the lab's")
        .Executes(StartLab);

    Target LabDown => _ => _
        .Description("Remove the lab: its VMs with their volumes, its images, its network and its state")
        .Executes(() => Lab.DownAsync(Say, Cancel));

    Target LabJob => _ => _
        .Description("Queue a job on the lab's GitHub (--script, --labels), wait for it and print its log")
        .Requires(() => Script)
        .Executes(RunLabJob);
}
