#nullable disable
using Nuke.Common;
using Nuke.Common.IO;
using Nuke.Common.Utilities.Collections;
using Serilog;
using Assert = Nuke.Common.Assert;

namespace Nuke.Tests;

internal enum RunnerKind
{
    Container,
    Process,
    VirtualMachine,
}

/// <summary>The build whose runs with the real engine are recorded beside these tests.</summary>
internal sealed class SampleBuild : NukeBuild
{
    public static int Start() => Execute<SampleBuild>(x => x.Verify);

    [Parameter("Name of the virtual machine")] private readonly string VmName = "runner-host";
    [Parameter("Number of runners to deploy")] private readonly int? RunnerCount;
    [Parameter("Labels of the runners", Separator = ",")] private readonly string[] Labels = { "self-hosted", "linux" };
    [Parameter("Hosts to bootstrap")] private readonly string[] Hosts;
    [Parameter("Directory with the image definition")] private readonly AbsolutePath ImageDirectory;
    [Parameter("Only log what would be done")] private readonly bool DryRun;
    [Parameter("Configuration to use")] private readonly Configuration Configuration = Configuration.Debug;
    [Parameter("Kind of runner")] private readonly RunnerKind Kind;
    [Parameter("Kind of runner, optional")] private readonly RunnerKind? OptionalKind;
    [Parameter("Size of the VM")] private readonly string VmSize = "small";
    [Parameter("Timeout of the verification")] private readonly TimeSpan? VerifyTimeout;
    [Parameter("Ratio")] private readonly double? Ratio;
    [Parameter("An url")] private readonly Uri RepositoryUrl;
    [Parameter("Token to register the runners"), Secret] private readonly string GitHubToken;
    [Parameter("Fails in this target")] private readonly string FailIn;
    [Parameter("Renamed", Name = "other-name")] private readonly string Renamed;
    [Parameter(List = false)] private readonly string Hidden;
    [Parameter] private readonly string NoDescription;

    private AbsolutePath ArtifactsDirectory => RootDirectory / "artifacts";
    private AbsolutePath StateFile => TemporaryDirectory / "state.txt";

    protected internal override void OnBuildCreated() => Console.WriteLine("hook: OnBuildCreated");
    protected internal override void OnBuildInitialized() => Console.WriteLine("hook: OnBuildInitialized");
    protected internal override void OnBuildFinished() => Console.WriteLine($"hook: OnBuildFinished IsSucceeding={IsSucceeding} IsFinished={IsFinished}");
    protected internal override void OnTargetRunning(string target) => Console.WriteLine($"hook: OnTargetRunning {target}");
    protected internal override void OnTargetSkipped(string target) => Console.WriteLine($"hook: OnTargetSkipped {target}");
    protected internal override void OnTargetSucceeded(string target) => Console.WriteLine($"hook: OnTargetSucceeded {target}");
    protected internal override void OnTargetFailed(string target) => Console.WriteLine($"hook: OnTargetFailed {target}");

    private void MaybeFail(string name)
    {
        if (string.Equals(FailIn, name, StringComparison.OrdinalIgnoreCase))
            throw new InvalidOperationException($"requested failure in {name}\nsecond line");
    }

    private Target CreateVm => _ => _
        .Description("Creates the virtual machine")
        .Requires(() => VmName)
        .Executes(() =>
        {
            Log.Information("Creating VM {VmName} of size {VmSize} ({Kind})", VmName, VmSize, Kind);
            Log.Debug("Labels {Labels} Hosts {Hosts} Image {ImageDirectory} DryRun {DryRun} Config {Configuration} OptKind {OptionalKind} Timeout {VerifyTimeout} Ratio {Ratio} Url {RepositoryUrl} Renamed {Renamed} Hidden {Hidden} Count {RunnerCount}",
                Labels, Hosts, ImageDirectory?.ToString(), DryRun, Configuration?.ToString(), OptionalKind, VerifyTimeout, Ratio, RepositoryUrl, Renamed, Hidden, RunnerCount);
            Log.Information("Root {Root} Temp {Temp} Host {Host} Local {Local} Verbosity {V}", RootDirectory, TemporaryDirectory, Host.GetType().Name, IsLocalBuild, Verbosity);
            MaybeFail(nameof(CreateVm));
        });

    private Target BootstrapHost => _ => _
        .Description("Installs docker and tools on the host")
        .DependsOn(CreateVm)
        .Executes(async () =>
        {
            await Task.Delay(10);
            Log.Warning("Bootstrapping without swap");
            MaybeFail(nameof(BootstrapHost));
        });

    private Target BuildCustomImage => _ => _
        .Description("Builds the runner image")
        .DependsOn(BootstrapHost)
        .OnlyWhenDynamic(() => !DryRun, "custom condition text")
        .OnlyWhenDynamic(() => ImageDirectory != null)
        .Executes(() =>
        {
            Log.Information("Building image from {Dir}", ImageDirectory);
            ReportSummary(_ => _.AddPair("Image", "runner:1"));
            MaybeFail(nameof(BuildCustomImage));
        });

    private Target DeployRunners => _ => _
        .Description("Deploys the runners")
        .DependsOn(BuildCustomImage)
        .Requires(() => GitHubToken)
        .Requires(() => RunnerCount)
        .Requires(() => RunnerCount > 0)
        .Executes(() =>
        {
            Log.Information("Deploying {Count} runners with token {Token}", RunnerCount, GitHubToken);
            MaybeFail(nameof(DeployRunners));
        });

    internal Target Verify => _ => _
        .Description("Verifies that the runners are online")
        .DependsOn(DeployRunners)
        .Triggers(Report)
        .Executes(() =>
        {
            Assert.True(RunnerCount < 100, "too many runners");
            MaybeFail(nameof(Verify));
        });

    private Target Report => _ => _
        .Description("Report, triggered by Verify")
        .Executes(() => Log.Information("report"));

    private Target CollectLogs => _ => _
        .Description("Always collects logs")
        .AssuredAfterFailure()
        .TriggeredBy(CreateVm)
        .After(Verify)
        .Executes(() => Log.Information("collecting logs"));

    private Target Flaky => _ => _
        .Description("Fails, but the build goes on")
        .ProceedAfterFailure()
        .Executes(() => throw new Exception("flaky"));

    private Target AfterFlaky => _ => _
        .DependsOn(Flaky)
        .Executes(() => Log.Information("after flaky"));

    private Target Boom => _ => _
        .DependsOn(Nothing)
        .Executes(() => { Assert.Fail("boom"); });

    private Target Nothing => _ => _
        .Description("Collective")
        .DependsOn(Unseen);

    private Target Unseen => _ => _
        .Unlisted()
        .Executes(() => Log.Information("unseen"));

    private Target StaticSkip => _ => _
        .DependsOn(OnlyForStatic, Unseen)
        .OnlyWhenStatic(() => IsServerBuild)
        .Executes(() => { });

    private Target StaticSkipExecute => _ => _
        .DependsOn(OnlyForStatic)
        .WhenSkipped(DependencyBehavior.Execute)
        .OnlyWhenStatic(() => IsServerBuild)
        .Executes(() => { });

    private Target OnlyForStatic => _ => _
        .Executes(() => { });

    private Target UsesStatic => _ => _
        .DependsOn(StaticSkip)
        .Executes(() => { });

    private Target UsesStaticExecute => _ => _
        .DependsOn(StaticSkipExecute)
        .Executes(() => { });

    private Target First => _ => _.Before(Second).Executes(() => { });
    private Target Second => _ => _.Executes(() => { });
    private Target Third => _ => _.After(Second).Executes(() => { });
    private Target ExitSeven => _ => _.Executes(() => { ExitCode = 7; });
    private Target FailSeven => _ => _.Executes(() => { ExitCode = 7; throw new Exception("seven"); });
    private Target CondThrows => _ => _.OnlyWhenDynamic(() => Hosts.Length > 0).Executes(() => { });
    private Target Requirement => _ => _.Requires(() => NoDescription).Executes(() => Log.Information("got {X}", NoDescription));
    private Target BoolRequirement => _ => _.Requires(() => Hosts != null && Hosts.Length > 1).Executes(() => { });
    private Target Sleep => _ => _.DependsOn(CreateVm).Executes(() => System.Threading.Thread.Sleep(20000));
    private Target AfterSleep => _ => _.DependsOn(Sleep).Executes(() => { });
    private Target SlowCount => _ => _.Executes(() => { System.Threading.Thread.Sleep(1600); ReportSummary(_ => _.AddPair("Count", 3).AddPair("Other", "x, y")); });
    private Target Aggregate => _ => _.Executes(() => Task.WhenAll(Task.FromException(new Exception("one")), Task.FromException(new Exception("two"))));
    private Target Levels => _ => _.Executes(() =>
    {
        Log.Verbose("verbose"); Log.Debug("debug"); Log.Information("info {A} {B} {C}", "text", 1, true); Log.Warning("warn"); Log.Error("error"); Log.Fatal("fatal");
    });
}
