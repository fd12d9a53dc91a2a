using System.Text.Json.Nodes;
using Supervisor.Control;
using Supervisor.Tests.Doubles;

namespace Supervisor.Tests.Slots;

[Collection(nameof(WithDocker))]
public sealed class HostCareTests
{
    [Fact]
    public async Task A_disk_beyond_its_limit_takes_idle_runners_away_leaves_busy_ones_and_says_why()
    {
        await using var host = new RunnerHost();
        host.SetSlots(2);
        host.WriteSettings();
        host.Start();
        var busy = await host.RunJobAsync(1, "one");
        await host.UntilIdleAsync(2);

        await ReloadAsync(host, "diskWarnPercent", 1, "diskParkPercent", 1);
        (await host.UntilAsync(2, status => status.State == "Parked")).Reason!.ShouldMatch("^[0-9]+ % of the disk that Docker works on are in use, .* make room in /");
        (await host.StatusAsync(1)).State.ShouldBe("Busy");
        host.GitHub.Registrations.Keys.ShouldBe([busy.RunnerId!.Value]);
        await host.EndJobAsync(busy);
        await host.UntilAsync(1, status => status.State == "Parked");

        await ReloadAsync(host, "diskWarnPercent", 100, "diskParkPercent", 100);
        await host.UntilIdleAsync(1);
        await host.UntilIdleAsync(2);
    }

    [Fact]
    public async Task A_pool_that_reserves_more_than_is_left_waits_and_says_what_is_missing()
    {
        await using var host = new RunnerHost();
        host.SetSlots(3);
        host.Pool["reservedMemoryBytes"] = 2L << 30;
        host.Care["memoryBytes"] = 5L << 30;
        host.WriteSettings();
        host.Start();
        await host.UntilIdleAsync(1);
        await host.UntilIdleAsync(2);
        (await host.UntilAsync(3, status => status.State == "Parked")).Reason
            .ShouldBe("The pool reserves 2 GiB of memory for a runner; 1 GiB of the host's 5 GiB are free of reservations.");

        await host.Control.SendAsync(new ControlRequest { Command = "drain", Slot = host.Slot(1) });
        await host.UntilIdleAsync(3);
    }

    [Fact]
    public async Task A_program_is_told_once_of_a_slot_that_stays_parked_and_once_when_it_serves_again()
    {
        await using var host = new RunnerHost();
        var directory = Path.GetDirectoryName(host.SettingsPath)!;
        var program = Path.Combine(directory, "told");
        await File.WriteAllTextAsync(program, $"#!/bin/sh\ncat >>{directory}/notices; echo >>{directory}/notices\n", TestContext.Current.CancellationToken);
        File.SetUnixFileMode(program, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        host.Care["notify"] = program;
        host.WriteSettings();
        host.GitHub.Fault = _ => new Doubles.Answer(401, """{"message":"Bad credentials"}""");
        host.Start();
        await RunnerHost.UntilAsync(() => Task.FromResult(Notices(directory).Length == 1), "the program was told");
        await Task.Delay(2000, TestContext.Current.CancellationToken);
        host.GitHub.Fault = _ => null;
        await host.Control.SendAsync(new ControlRequest { Command = "reload" });
        await RunnerHost.UntilAsync(() => Task.FromResult(Notices(directory).Length == 2), "the program was told again");

        var notices = Notices(directory).Select(line => JsonNode.Parse(line)!).ToList();
        ((string)notices[0]["state"]!).ShouldBe("Parked");
        ((string)notices[0]["reason"]!).ShouldStartWith("GitHub does not accept the credential");
        ((string)notices[1]["state"]!).ShouldBe("Idle");
        notices[1]["reason"].ShouldBeNull();
        ((string)notices[1]["slot"]!).ShouldBe(host.Slot(1));
    }

    private static string[] Notices(string directory) =>
        File.Exists($"{directory}/notices") ? [.. File.ReadAllLines($"{directory}/notices").Where(line => line.EndsWith('}'))] : [];

    private static async Task ReloadAsync(RunnerHost host, params object[] keys)
    {
        for (var i = 0; i < keys.Length; i += 2)
            host.Care[(string)keys[i]] = (int)keys[i + 1];
        host.WriteSettings();
        await host.Control.SendAsync(new ControlRequest { Command = "reload" });
    }

    [Fact]
    public async Task What_a_job_with_this_hosts_engine_may_still_need_is_not_pruned()
    {
        using var engine = new EngineProxy { Answers = request => request.Contains("/prune", StringComparison.Ordinal) ? """{"SpaceReclaimed":0}""" : null };
        await using var host = new RunnerHost { DockerSocket = engine.Path };
        host.Pool["docker"] = "socket";
        host.WriteSettings();
        host.Start();
        var busy = await host.RunJobAsync(1, "builds");
        string[] Prunes(string what) => [.. engine.Requests.Where(request => request.Contains($"/{what}/prune", StringComparison.Ordinal))];

        await ReloadAsync(host, "diskWarnPercent", 1, "diskParkPercent", 100);
        await RunnerHost.UntilAsync(() => Task.FromResult(Prunes("build").Length == 1), "build cache is pruned");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        Prunes("images").ShouldBeEmpty();
        Prunes("build")[0].ShouldContain("\"until\"");

        await host.EndJobAsync(busy);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        await ReloadAsync(host, "diskWarnPercent", 1, "diskParkPercent", 100);
        await RunnerHost.UntilAsync(() => Task.FromResult(Prunes("images").Length == 1), "images are pruned");
    }

    [Fact]
    public async Task An_image_that_has_only_a_digest_is_not_pruned_for_want_of_a_name()
    {
        using var engine = new EngineProxy { Answers = request => request.Contains("/prune", StringComparison.Ordinal) ? """{"SpaceReclaimed":0}""" : null };
        await using var host = new RunnerHost { DockerSocket = engine.Path };
        host.Another("pinned", 2)["image"] = $"registry.invalid/runner@sha256:{new string('0', 64)}";
        host.Care["diskWarnPercent"] = 1;
        host.WriteSettings();
        host.Start();

        await RunnerHost.UntilAsync(() => Task.FromResult(engine.Requests.Any(request => request.Contains("/build/prune", StringComparison.Ordinal))), "build cache is pruned");
        await Task.Delay(500, TestContext.Current.CancellationToken);
        engine.Requests.ShouldNotContain(request => request.Contains("/images/prune", StringComparison.Ordinal));
    }
}
