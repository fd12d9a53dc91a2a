using System.Text.Json.Nodes;
using Supervisor.Control;
using Supervisor.Tests.Doubles;

namespace Supervisor.Tests.Slots;

[Collection(nameof(WithDocker))]
public sealed class RolloutTests
{
    [Fact]
    public async Task A_reload_replaces_idle_runners_and_leaves_a_busy_one_until_its_job_ends()
    {
        await using var host = new RunnerHost();
        host.SetSlots(2);
        host.WriteSettings();
        host.Start();
        var busy = await host.RunJobAsync(1, "long");
        var idle = await host.UntilIdleAsync(2);

        host.Pool["labels"] = new JsonArray("other");
        host.WriteSettings();
        (await host.Control.SendAsync(new ControlRequest { Command = "reload" })).ShouldBe(new ControlReply(true));

        var replaced = await host.UntilAsync(2, status => status.State == "Idle" && status.Container != idle.Container);
        replaced.Labels.ShouldBe(["other"]);
        host.GitHub.Registrations.ShouldNotContainKey(idle.RunnerId!.Value);
        (await host.StatusAsync(1)).ShouldSatisfyAllConditions(
            status => status.State.ShouldBe("Busy"), status => status.Container.ShouldBe(busy.Container), status => status.Job.ShouldBe("long"));

        await host.EndJobAsync(busy);
        (await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container)).Labels.ShouldBe(["other"]);
    }

    [Fact]
    public async Task Idle_runners_are_replaced_one_after_the_other()
    {
        await using var host = new RunnerHost();
        host.SetSlots(4);
        host.WriteSettings();
        host.Start();
        foreach (var slot in Enumerable.Range(1, 4))
            await host.UntilIdleAsync(slot);

        host.Pool["labels"] = new JsonArray("other");
        host.WriteSettings();
        (await host.Control.SendAsync(new ControlRequest { Command = "reload" })).Ok.ShouldBeTrue();

        var fewest = 4;
        await RunnerHost.UntilAsync(async () =>
        {
            var slots = (await host.Control.StatusAsync()).Slots;
            fewest = Math.Min(fewest, slots.Count(slot => slot.State == "Idle"));
            return slots.All(slot => slot is { State: "Idle", Labels: ["other"] });
        }, "all four are replaced");
        fewest.ShouldBe(3);
    }

    [Fact]
    public async Task Settings_that_no_runner_comes_up_with_take_one_slot_of_their_pool_and_none_of_another()
    {
        await using var host = new RunnerHost();
        host.SetSlots(2);
        var other = host.Another("other", 3);
        host.WriteSettings();
        host.Start();
        var before = new[] { await host.UntilIdleAsync(1), await host.UntilIdleAsync(2), await host.UntilIdleAsync(3) };

        host.Pool["image"] = "rbsv/nowhere:1";
        other["labels"] = new JsonArray("other");
        host.WriteSettings();
        (await host.Control.SendAsync(new ControlRequest { Command = "reload" })).Ok.ShouldBeTrue();

        await host.UntilAsync(3, status => status is { State: "Idle", Labels: ["other"] });
        await RunnerHost.UntilAsync(async () => (await host.Control.StatusAsync()).Slots.Any(slot => slot.State == "Parked"), "one slot shows that the image is missing");
        await Task.Delay(TimeSpan.FromSeconds(3), TestContext.Current.CancellationToken);
        var slots = (await host.Control.StatusAsync()).Slots.Take(2).ToList();
        slots.Count(slot => slot.State == "Idle" && before.Any(old => old.Container == slot.Container)).ShouldBe(1);

        host.Pool["image"] = Doubles.RunnerImage.Name;
        host.WriteSettings();
        await host.Control.SendAsync(new ControlRequest { Command = "reload" });
        await host.UntilIdleAsync(1);
        await host.UntilIdleAsync(2);
    }

    [Fact]
    public async Task A_runner_that_GitHub_calls_busy_is_not_taken_away_though_its_output_does_not_show_a_job_yet()
    {
        await using var host = new RunnerHost();
        host.Start();
        var idle = await host.UntilIdleAsync();
        host.GitHub.Registrations[idle.RunnerId!.Value].Busy = true;

        await host.Control.SendAsync(new ControlRequest { Command = "drain" });
        await host.UntilAsync(1, status => status.Reason == "The runner is to be replaced, but GitHub says it has a job: that ends first.");
        (await host.ContainersAsync()).ShouldBe([idle.Container!]);

        host.GitHub.Registrations[idle.RunnerId!.Value].Busy = false;
        var empty = await host.UntilAsync(1, status => status.State == "Empty");
        empty.Reason!.ShouldStartWith("Drained");
    }

    [Fact]
    public async Task No_runner_is_taken_away_while_GitHub_cannot_be_asked()
    {
        await using var host = new RunnerHost();
        host.Start();
        var idle = await host.UntilIdleAsync();
        host.GitHub.Fault = call => call.Method == "DELETE" ? new Answer(500) : null;

        await host.Control.SendAsync(new ControlRequest { Command = "drain" });
        await host.UntilAsync(1, status => status.Reason?.StartsWith("The runner is to be removed, but: GitHub has trouble: 500", StringComparison.Ordinal) == true);
        (await host.ContainersAsync()).ShouldBe([idle.Container!]);
    }

    [Fact]
    public async Task A_404_from_GitHub_that_only_means_no_rights_takes_no_runner_away()
    {
        await using var host = new RunnerHost();
        host.Start();
        var idle = await host.UntilIdleAsync();
        host.GitHub.Fault = _ => new Answer(404, """{"message":"Not Found"}""");

        await host.Control.SendAsync(new ControlRequest { Command = "drain" });
        await host.UntilAsync(1, status => status.Reason?.Contains("may not see it") == true);
        (await host.ContainersAsync()).ShouldBe([idle.Container!]);
    }

    [Fact]
    public async Task Slots_that_leave_the_settings_drain_and_new_ones_start()
    {
        await using var host = new RunnerHost();
        host.SetSlots(2);
        host.WriteSettings();
        host.Start();
        var busy = await host.RunJobAsync(2, "long");

        host.Pool["slots"] = new JsonArray(host.Slot(3));
        host.WriteSettings();
        (await host.Control.SendAsync(new ControlRequest { Command = "reload" })).Ok.ShouldBeTrue();
        await host.UntilIdleAsync(3);
        (await host.StatusAsync(2)).State.ShouldBe("Busy");
        await host.EndJobAsync(busy);
        await RunnerHost.UntilAsync(async () => (await host.Control.StatusAsync()).Slots.Count == 1, "slots 1 and 2 are gone");
        (await host.ContainersAsync()).Length.ShouldBe(1);
    }

    [Fact]
    public async Task Settings_that_cannot_be_used_leave_the_earlier_ones_and_say_why()
    {
        await using var host = new RunnerHost();
        host.Start();
        var idle = await host.UntilIdleAsync();
        var before = (await host.Control.StatusAsync()).Configuration;
        host.Pool["docker"] = "magic";
        host.WriteSettings();

        var reply = await host.Control.SendAsync(new ControlRequest { Command = "reload" });
        reply.Ok.ShouldBeFalse();
        reply.Error!.ShouldContain("pools/default/docker should be dind, socket or none, is 'magic'");
        await RunnerHost.UntilAsync(async () => (await host.Control.StatusAsync()).Problem == reply.Error, "the status tells it too");
        (await host.Control.StatusAsync()).Configuration.ShouldBe(before);
        (await host.StatusAsync(1)).Container.ShouldBe(idle.Container);
    }

    [Fact]
    public async Task A_probe_gives_a_slot_one_label_for_so_many_jobs()
    {
        await using var host = new RunnerHost();
        host.Start();
        await host.UntilIdleAsync();
        (await host.Control.SendAsync(new ControlRequest { Command = "probe", Slot = host.Slot(1), Label = "taint-1", Jobs = 2, Seconds = 60 })).Ok.ShouldBeTrue();

        for (var job = 1; job <= 2; job++)
        {
            var probed = await host.UntilAsync(1, status => status.State == "Idle" && status.Labels is ["taint-1"]);
            host.GitHub.Registrations[probed.RunnerId!.Value].Labels.ShouldBe(["taint-1"]);
            await host.EndJobAsync(await host.RunJobAsync(1, $"probe {job}"));
            await host.UntilAsync(1, status => status.Container != probed.Container);
        }
        await host.UntilAsync(1, status => status.State == "Idle" && status.Labels is ["self-hosted", "linux"]);
    }

    [Fact]
    public async Task A_probe_ends_with_its_time()
    {
        await using var host = new RunnerHost();
        host.Start();
        await host.UntilIdleAsync();
        await host.Control.SendAsync(new ControlRequest { Command = "probe", Slot = host.Slot(1), Label = "taint-1", Jobs = 2, Seconds = 2 });
        await host.UntilAsync(1, status => status.State == "Idle" && status.Labels is ["taint-1"]);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Labels is ["self-hosted", "linux"]);
    }

    [Fact]
    public async Task A_drain_outlives_a_restart_and_resume_ends_it()
    {
        await using var host = new RunnerHost();
        host.Start();
        await host.UntilIdleAsync();
        await host.Control.SendAsync(new ControlRequest { Command = "drain", Slot = host.Slot(1) });
        await host.UntilAsync(1, status => status.State == "Empty");
        await host.StopAsync();
        host.Start();
        (await host.UntilAsync(1, _ => true)).Reason!.ShouldStartWith("Drained");
        await host.Control.SendAsync(new ControlRequest { Command = "resume", Slot = host.Slot(1) });
        await host.UntilIdleAsync();
    }
}
