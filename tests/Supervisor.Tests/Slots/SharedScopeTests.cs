using System.Net;
using System.Net.Sockets;
using Supervisor.Control;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Slots;

/// <summary>Slots and pools that share what GitHub allows them, and what one of them does to the others.</summary>
[Collection(nameof(WithDocker))]
public sealed class SharedScopeTests
{
    [Fact]
    public async Task A_pool_that_fails_on_this_host_does_not_keep_another_of_its_scope_from_trying()
    {
        await using var host = new RunnerHost();
        var image = $"rbsv-scope:{Guid.NewGuid():N}";
        await DockerAsync("tag", RunnerImage.Name, image);
        host.Another("healthy", 2);
        host.Pool["image"] = image;
        host.WriteSettings();
        var down = true;
        host.GitHub.Fault = _ => down ? new Answer(503) : null;
        host.Start();
        foreach (var slot in (int[])[1, 2])
            (await host.UntilAsync(slot, status => status.State == "Parked")).Reason!.ShouldContain("GitHub has trouble: 503");
        await DockerAsync("rmi", image);
        down = false;
        await host.UntilIdleAsync(2);
    }

    [Fact]
    public async Task What_is_left_behind_goes_though_some_slot_is_always_at_work()
    {
        await using var host = new RunnerHost();
        using var silent = new TcpListener(IPAddress.Loopback, 0);
        silent.Start();
        host.Another("hanging", 2)["api"] = $"http://{silent.LocalEndpoint}";
        host.WriteSettings();
        host.GitHub.Registrations[1] = new Registration(1, $"{host.Name}-1-abcdefabcdef", [], 1) { Online = false };
        host.Start();
        await host.UntilAsync(2, status => status.State == "Minting");
        for (var end = DateTime.UtcNow.AddSeconds(12); DateTime.UtcNow < end && host.GitHub.Registrations.ContainsKey(1);)
            await Task.Delay(100, TestContext.Current.CancellationToken);
        (await host.StatusAsync(2)).State.ShouldBe("Minting");
        host.GitHub.Registrations.ShouldNotContainKey(1);
    }

    [Fact]
    public async Task A_wait_that_GitHub_asks_for_holds_for_every_kind_of_call_and_over_a_reload()
    {
        await using var host = new RunnerHost();
        var limited = true;
        DateTimeOffset? asked = null;
        host.GitHub.Fault = call =>
        {
            if (!limited || call.Method != "POST")
                return null;
            asked ??= DateTimeOffset.UtcNow;
            return new Answer(429, "{}", new() { ["Retry-After"] = "6" });
        };
        host.Start();
        await host.UntilAsync(1, status => status.State == "Parked");
        limited = false;
        await host.Control.SendAsync(new ControlRequest { Command = "reload" });
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason!.ShouldStartWith("GitHub limits the rate of calls");
        await host.UntilIdleAsync();
        // What was under way when GitHub asked for it does not count.
        host.GitHub.Calls.Where(call => call.At > asked!.Value.AddSeconds(0.5) && call.At < asked.Value.AddSeconds(6)).ShouldBeEmpty();
    }
}
