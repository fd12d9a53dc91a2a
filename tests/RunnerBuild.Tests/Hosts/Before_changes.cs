using System.Collections.Immutable;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Stages;
using RunnerBuild.Terminal;

namespace RunnerBuild.Tests.Hosts;

/// <summary>What must be right before anything is changed, such as the credential for GitHub, is asked for then, and not before.</summary>
public sealed class Before_changes
{
    [Fact]
    public async Task What_is_wrong_ends_a_run_before_its_first_change()
    {
        var stage = new OneChange();

        var fault = await Should.ThrowAsync<RunnerBuildException>(RunAsync(stage, dryRun: false, _ => throw new RunnerBuildException("The credential is wrong.", "", "")));

        (fault.What, stage.Applied).ShouldBe(("The credential is wrong.", 0));
    }

    [Fact]
    public async Task Where_nothing_is_changed_nothing_is_asked()
    {
        var asked = 0;
        Task Ask(CancellationToken cancel) => Task.FromResult(asked++);

        await RunAsync(new OneChange(), dryRun: true, Ask);
        await RunAsync(new OneChange { Applied = 1 }, dryRun: false, Ask);
        asked.ShouldBe(0);
        await RunAsync(new OneChange(), dryRun: false, Ask);

        asked.ShouldBe(1);
    }

    private static async Task RunAsync(Stage stage, bool dryRun, Func<CancellationToken, Task> before)
    {
        await using var session = new HostSession(VirtualMachines.Samples.Host, new HostKeyPins("/does/not/exist"), new SecretStore(new Dictionary<string, string>()), null) { BeforeChanges = before };
        await Convergence.RunAsync(stage, session, dryRun, new Report(TextWriter.Null, false, false), TestContext.Current.CancellationToken);
    }

    /// <summary>Has one change to make, once.</summary>
    private sealed class OneChange : Stage
    {
        public int Applied { get; set; }

        public override string Name => "Test";

        public override Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel) =>
            Task.FromResult<ImmutableArray<Change>>(Applied > 0 ? [] : [new("x", "y", null, "z", [])]);

        public override Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel) => Task.FromResult(Applied++);
    }
}
