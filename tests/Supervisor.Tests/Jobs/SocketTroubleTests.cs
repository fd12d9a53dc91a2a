using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Jobs;

/// <summary>Files of the host, and other people's things in its engine, that stand in a job's way.</summary>
[Collection(nameof(WithDocker))]
public sealed class SocketTroubleTests
{
    private static RunnerHost Host(int slots = 1)
    {
        var host = new RunnerHost();
        host.Pool["docker"] = "socket";
        host.SetSlots(slots);
        host.WriteSettings();
        return host;
    }

    [Fact]
    public async Task A_job_whose_socket_cannot_be_made_is_that_slots_trouble_and_nobody_elses()
    {
        await using var host = Host(2);
        host.Start();
        var busy = await host.RunJobAsync(1, "long");
        await host.StopAsync();
        var socket = Path.Combine(host.Options.RuntimeDirectory, "jobs", host.Slot(1), "docker.sock");
        File.Delete(socket);
        Directory.CreateDirectory($"{socket}/in-the-way");

        host.Start();
        (await host.UntilAsync(1, status => status.State == "Busy" && status.Reason is not null)).Reason!.ShouldStartWith("Its job's Docker socket cannot be served: ");
        await host.UntilIdleAsync(2);
        Directory.Delete(socket, recursive: true);
        (await host.UntilAsync(1, status => status.Reason is null)).Container.ShouldBe(busy.Container);
        (await new JobDocker(host, 1).TryAsync("ps")).Code.ShouldBe(0);
    }

    [Theory]
    [InlineData("{\"Entries\":[{\"Kind\":\"Ta")]
    [InlineData("")]
    [InlineData("{}")]
    public async Task A_ledger_that_a_crash_cut_off_costs_what_it_said_and_no_more(string content)
    {
        await using var host = Host();
        var ledger = Path.Combine(host.StateDirectory, "docker-ledger.json");
        await File.WriteAllTextAsync(ledger, content, TestContext.Current.CancellationToken);
        host.Start();
        await host.UntilIdleAsync();
        host.Log.ToString().ShouldContain(ledger);
        (await File.ReadAllTextAsync($"{ledger}.unreadable", TestContext.Current.CancellationToken)).ShouldBe(content);
    }

    [Fact]
    public async Task A_disk_without_room_for_the_ledger_is_the_reason_and_slots_serve_when_there_is_room()
    {
        await using var host = Host(2);
        host.Start();
        var busy = await host.RunJobAsync(1, "one");
        await host.RunJobAsync(2, "two");
        var written = Path.Combine(host.StateDirectory, "docker-ledger.json.new");
        // Writing there fails as on a disk that is full.
        File.CreateSymbolicLink(written, "/dev/full");
        foreach (var slot in (int[])[1, 2])
            await new JobDocker(host, slot).RunAsync("run", "--name", $"{host.Name}-x{slot}", "--volume", "/anonymous", "--entrypoint", "/bin/ls", RunnerImage.Name);
        await host.EndJobAsync(busy);
        (await host.UntilAsync(1, status => status.Reason?.Contains("No space left on device") == true)).Reason!.ShouldContain("files of this host cannot be used");

        File.Delete(written);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        (await DockerAsync("ps", "--all", "--format", "{{.Names}}", "--filter", $"name={host.Name}-x")).ShouldBe($"{host.Name}-x2");
    }

    [Fact]
    public async Task A_network_of_an_ended_job_that_others_use_does_not_keep_other_slots_from_serving()
    {
        await using var host = Host(2);
        host.Start();
        var busy = await host.RunJobAsync(1, "one");
        await host.UntilIdleAsync(2);
        var docker = new JobDocker(host, 1);
        await docker.RunAsync("network", "create", $"{host.Name}-net");
        await DockerAsync("run", "--detach", "--name", $"{host.Name}-other", "--network", $"{host.Name}-net", "--entrypoint", "sleep", RunnerImage.Name, "1000");
        await host.EndJobAsync(busy);
        await host.UntilAsync(1, status => status.Reason?.Contains("still in use on this host") == true);

        var second = await host.RunJobAsync(2, "two");
        await host.EndJobAsync(second);
        await host.UntilAsync(2, status => status.State == "Idle" && status.Container != second.Container);
        await DockerAsync("rm", "--force", $"{host.Name}-other");
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
    }

    [Fact]
    public async Task A_job_sees_its_own_networks_and_the_engines_and_may_not_touch_what_is_the_hosts()
    {
        await using var host = Host();
        await DockerAsync("network", "create", $"{host.Name}-foreign");
        host.Start();
        await host.RunJobAsync(1, "one");
        var docker = new JobDocker(host, 1);
        await docker.RunAsync("network", "create", $"{host.Name}-net");
        (await docker.RunAsync("network", "ls", "--format", "{{.Name}}")).Split('\n').Order(StringComparer.Ordinal).ShouldBe(["bridge", "host", "none", $"{host.Name}-net"], ignoreOrder: true);
        (await docker.RunAsync("network", "ls", "--filter", "driver=host", "--format", "{{.Name}}")).ShouldBe("host");
        foreach (var arguments in (string[][])[["swarm", "init"], ["plugin", "ls"], ["service", "ls"], ["secret", "ls"], ["config", "ls"], ["node", "ls"]])
        {
            var (code, _, error) = await docker.TryAsync(arguments);
            code.ShouldNotBe(0);
            error.ShouldContain("is this host's, so jobs may not");
        }
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task What_a_job_asks_of_Docker_while_the_service_is_restarted_waits_for_its_answer(bool killed)
    {
        using var systemd = new SystemdDouble();
        await using var host = Host();
        using var first = new RunningProgram(host, systemd);
        var busy = await host.RunJobAsync(1, "long");
        await RunnerHost.UntilAsync(() => Task.FromResult(systemd.Names.SequenceEqual([busy.Runner!])), "the job's socket is kept");
        if (killed)
            await first.KillAsync();
        else
            (await first.EndAsync()).ShouldBe(0);

        var docker = new JobDocker(host, 1);
        var asked = docker.RunAsync("run", "--rm", "--entrypoint", "/bin/busybox", RunnerImage.Name, "echo", "answered");
        await Task.Delay(1000, TestContext.Current.CancellationToken);
        asked.IsCompleted.ShouldBeFalse();
        using var second = new RunningProgram(host, systemd);
        (await asked.WaitAsync(TimeSpan.FromSeconds(30), TestContext.Current.CancellationToken)).ShouldBe("answered");

        await host.EndJobAsync(busy);
        var next = await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        await RunnerHost.UntilAsync(() => Task.FromResult(systemd.Names.SequenceEqual([next.Runner!])), "the ended job's socket is not kept any more");
        (await second.EndAsync()).ShouldBe(0);
        await RunnerHost.UntilAsync(() => Task.FromResult(systemd.Names.Length == 0), "nothing is kept without a job");
    }
}
