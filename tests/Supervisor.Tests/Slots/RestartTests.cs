using System.Text.Json.Nodes;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Slots;

/// <summary>The program as a process of its own.</summary>
[Collection(nameof(WithDocker))]
public sealed class RestartTests
{
    [Fact]
    public async Task Running_containers_are_adopted_after_a_kill_with_what_they_are_doing()
    {
        await using var host = new RunnerHost();
        host.SetSlots(2);
        host.WriteSettings();
        using var first = new RunningProgram(host);
        var busy = await host.RunJobAsync(1, "long");
        var idle = await host.UntilIdleAsync(2);
        await first.KillAsync();
        await Task.Delay(2000, TestContext.Current.CancellationToken);

        using var second = new RunningProgram(host);
        (await host.UntilAsync(1, status => status.State == "Busy")).ShouldSatisfyAllConditions(
            status => status.Container.ShouldBe(busy.Container), status => status.Runner.ShouldBe(busy.Runner), status => status.Job.ShouldBe("long"),
            status => (status.Since - busy.Since).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(1)));
        (await host.UntilIdleAsync(2)).ShouldSatisfyAllConditions(
            status => status.Container.ShouldBe(idle.Container), status => (status.Since - idle.Since).Duration().ShouldBeLessThan(TimeSpan.FromSeconds(1)));
        host.GitHub.Mints.Count().ShouldBe(2);

        await host.EndJobAsync(busy);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        (await second.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_container_that_ended_while_nobody_watched_is_removed_and_never_restarted()
    {
        await using var host = new RunnerHost();
        using var first = new RunningProgram(host);
        var busy = await host.RunJobAsync(1, "long");
        await first.KillAsync();
        await host.EndJobAsync(busy);
        await DockerAsync("wait", busy.Container!);

        using var second = new RunningProgram(host);
        (await host.UntilIdleAsync()).Container.ShouldNotBe(busy.Container);
        (await host.ContainersAsync()).Length.ShouldBe(1);
        (await second.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_stop_takes_idle_runners_away_and_leaves_busy_ones()
    {
        await using var host = new RunnerHost();
        host.SetSlots(2);
        host.WriteSettings();
        using var program = new RunningProgram(host);
        var busy = await host.RunJobAsync(1, "long");
        await host.UntilIdleAsync(2);

        (await program.EndAsync()).ShouldBe(0);
        (await host.ContainersAsync()).ShouldBe([busy.Container!]);
        host.GitHub.Registrations.Keys.ShouldBe([busy.RunnerId!.Value]);
        (await DockerAsync("inspect", "--format", "{{.State.Running}}", busy.Container!)).ShouldBe("true");
    }

    [Fact]
    public async Task A_hangup_reads_the_settings_again()
    {
        await using var host = new RunnerHost();
        using var program = new RunningProgram(host);
        await host.UntilIdleAsync();
        host.Pool["labels"] = new JsonArray("other");
        host.WriteSettings();
        await RunAsync("kill", "-HUP", $"{program.Id}");
        await host.UntilAsync(1, status => status.State == "Idle" && status.Labels is ["other"]);
        (await program.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_second_supervisor_on_the_same_host_refuses_to_start()
    {
        await using var host = new RunnerHost();
        using var first = new RunningProgram(host);
        await host.UntilIdleAsync();
        using var second = new RunningProgram(host);
        (await second.ExitAsync()).ShouldBe(1);
        (await second.OutputAsync()).ShouldContain("Another supervisor already serves this host");
        (await host.StatusAsync(1)).State.ShouldBe("Idle");
        (await first.EndAsync()).ShouldBe(0);
    }
}
