using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Docker;

/// <summary>What people type who know runners as a compose project, with compose itself.</summary>
[Collection(nameof(WithDocker))]
public sealed class ComposeHabitTests : IClassFixture<ComposePlugin>
{
    [Fact]
    public async Task Up_leaves_busy_and_idle_runners_as_they_are()
    {
        await using var host = new RunnerHost();
        host.SetSlots(2);
        host.WriteSettings();
        await File.WriteAllTextAsync(
            host.ComposePath,
            $"name: github-runners\nservices:\n{Service(host, 1)}{Service(host, 2)}", TestContext.Current.CancellationToken);
        host.Start();
        var busy = await host.RunJobAsync(1, "long");
        var idle = await host.UntilIdleAsync(2);
        Task<string> Compose(params string[] command) => DockerAsync(["compose", "--file", host.ComposePath, .. command]);

        await Compose("config", "--quiet");
        (await Compose("ps", "--format", "{{.Names}}")).Split('\n').ShouldBe([host.Slot(1), host.Slot(2)], ignoreOrder: true);
        (await Compose("logs", "--no-log-prefix", host.Slot(1))).ShouldContain("Running job: long");
        await Compose("pull");
        await Compose("up", "--detach");

        (await host.StatusAsync(1)).Container.ShouldBe(busy.Container);
        (await host.StatusAsync(1)).State.ShouldBe("Busy");
        (await host.StatusAsync(2)).Container.ShouldBe(idle.Container);
        (await DockerAsync("inspect", "--format", "{{.State.StartedAt}} {{.RestartCount}}", busy.Container!)).ShouldEndWith(" 0");
        await host.EndJobAsync(busy);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
    }

    [Fact]
    public async Task Up_cannot_replace_a_busy_runner_that_it_takes_for_outdated()
    {
        await using var host = new RunnerHost();
        await File.WriteAllTextAsync(host.ComposePath, $"name: github-runners\nservices:\n{Service(host, 1)}", TestContext.Current.CancellationToken);
        host.Start();
        var busy = await host.RunJobAsync(1, "long");
        await File.AppendAllTextAsync(host.ComposePath, "    mem_limit: 256m\n", TestContext.Current.CancellationToken);

        var (code, _, error) = await TryAsync("docker", "compose", "--file", host.ComposePath, "up", "--detach");

        code.ShouldNotBe(0);
        error.ShouldContain("No such image: made-by-github-docker-runners.invalid/runner");

        (await host.StatusAsync(1)).Container.ShouldBe(busy.Container);
        (await DockerAsync("inspect", "--format", "{{.State.Running}} {{.RestartCount}}", busy.Container!)).ShouldBe("true 0");
        await host.EndJobAsync(busy);
        await host.UntilIdleAsync();
    }

    [Fact]
    public async Task What_compose_starts_in_a_drained_slot_is_taken_away()
    {
        await using var host = new RunnerHost();
        await File.WriteAllTextAsync(host.ComposePath, $"name: github-runners\nservices:\n{Earlier(host, 1)}", TestContext.Current.CancellationToken);
        host.Start();
        await host.UntilIdleAsync();
        await host.StopAsync();
        await DockerAsync("compose", "--file", host.ComposePath, "up", "--detach");
        var made = (await host.ContainersAsync()).ShouldHaveSingleItem();

        host.Start();
        (await host.UntilIdleAsync()).Container.ShouldNotBe(made);
    }

    private static string Service(RunnerHost host, int slot, string image = "made-by-github-docker-runners.invalid/runner") =>
        $"  {host.Slot(slot)}:\n    image: {image}\n    container_name: {host.Slot(slot)}\n    pull_policy: never\n    network_mode: bridge\n";

    // Compose could make containers of the files that earlier versions wrote.
    private static string Earlier(RunnerHost host, int slot) =>
        $"{Service(host, slot, RunnerImage.Name)}    labels: {{ runnerbuild.host: {host.Name}, runnerbuild.slot: {host.Slot(slot)} }}\n";
}
