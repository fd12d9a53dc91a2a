using Nuke.Common;

partial class Build
{
    [Parameter("Fleet file; relative to the working directory")]
    readonly string Fleet = RootDirectory / "build" / "fleets" / "lab.yml";

    [Parameter("Work only on these hosts of the fleet", Separator = ",")]
    readonly string[] Limit = [];

    [Parameter("Show what would change and change nothing; exit code 3 when something would")]
    readonly bool DryRun;

    [Parameter("SHA256:… fingerprint of an SSH host key to trust and pin")]
    readonly string AcceptHostKey;

    [Parameter("DeployRunners: do not follow busy runners until they are replaced; the supervisor does it when their jobs end")]
    readonly bool NoWait;

    [Parameter("Drain, Resume: only these slots of the host that --limit names", Separator = ",")]
    readonly string[] Slot = [];

    [Parameter("Drain: wait until no job is left")]
    readonly bool Wait;

    [Parameter("Drain --wait, RemoveRunners: seconds that running jobs are waited for; without, as long as they take. LabJob: seconds for the job, 600 without")]
    readonly int? Timeout;

    [Parameter("RemoveRunners: do not ask before anything is removed")]
    readonly bool Yes;

    [Parameter("Print JSON alone on standard output: of Status and Doctor what they found, else the plan")]
    readonly bool Json;

    [Parameter("LabUp, and targets that start the lab: release of GitHub's own runner program, instead of the stand-in")]
    readonly string RunnerTarball;

    [Parameter("LabFault: NAME=VALUE, such as latency=500ms, server-errors=30s or all=off; as words of their own, too", Separator = ","), PairsOf(nameof(LabFault))]
    readonly string[] Fault = [];

    [Parameter("Shell script for LabJob")]
    readonly string Script;

    [Parameter("Labels that LabJob's runner must have", Separator = ",")]
    readonly string[] Labels = [];

    [Parameter("GitHub token, where the fleet says `env: GITHUB_TOKEN`"), Secret]
    readonly string GitHubToken;

    [Parameter("Secret of the Proxmox token, where the fleet says `env: PROXMOX_TOKEN`"), Secret]
    readonly string ProxmoxToken;
}
