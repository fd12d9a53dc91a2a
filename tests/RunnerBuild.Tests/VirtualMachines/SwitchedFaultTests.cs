using Lab.Proxmox.Faults;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>The faults that the double has a switch for, met by whole runs.</summary>
public sealed class SwitchedFaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("qmclone")]
    [InlineData("qmconfig")]
    [InlineData("resize")]
    [InlineData("qmstart")]
    public async Task Case_18_a_task_that_fails_stops_the_run_with_its_text_and_the_next_run_goes_on(string task)
    {
        await using var cluster = await Cluster.StartAsync();
        cluster.Faults.Add(new(FaultKind.TaskFails, task, "I/O error on sector 7"));

        var failed = await Should.ThrowAsync<ProxmoxException>(() => cluster.RunAsync(Host, Cancel));

        failed.Why.ShouldContain("TASK ERROR: I/O error on sector 7");
        failed.Why.ShouldContain($":{task}:");
        await cluster.RunAsync(Host, Cancel);
        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();
        (await cluster.GuestsAsync(Cancel)).ShouldBe(2);
    }

    [Fact]
    public async Task Case_18_a_task_with_warnings_is_done_and_they_are_shown()
    {
        await using var cluster = await Cluster.StartAsync();
        cluster.Faults.Add(new(FaultKind.TaskWarns, "qmclone"));

        await cluster.RunAsync(Host, Cancel);

        cluster.Told.Lines.ShouldContain(line => line.Contains("done with warnings: 2", StringComparison.Ordinal) && line.Contains("WARN: first thing to know", StringComparison.Ordinal));
        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_18_a_task_that_never_ends_is_named_at_its_limit_and_left_running()
    {
        await using var cluster = await Cluster.StartAsync(haste: 300);
        cluster.Faults.Add(new(FaultKind.TaskNeverEnds, "qmstart"));

        var late = await Should.ThrowAsync<ProxmoxException>(() => cluster.RunAsync(Host, Cancel));

        late.What.ShouldBe("Could not start VM 250 on node005 within 10 minutes.");
        late.Why.ShouldMatch("^Task UPID:node005:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:qmstart:250:root@pam!runnerbuild: still runs; it was left running.$");
        cluster.Writes.ShouldAllBe(write => write.Method != "DELETE");
    }

    [Theory]
    [InlineData("POST", "/9999/clone")]
    [InlineData("POST", "/250/config")]
    [InlineData("PUT", "/250/resize")]
    [InlineData("POST", "/250/status/start")]
    public async Task Case_37_a_write_that_met_no_node_or_lost_its_answer_is_looked_up_before_another(string method, string call)
    {
        foreach (var kind in new[] { FaultKind.NoConnection, FaultKind.LostAnswer })
        {
            await using var cluster = await Cluster.StartAsync();
            cluster.Faults.Add(new(kind, $"{method} /api2/json/nodes/node005/qemu{call}"));

            await cluster.RunAsync(Host, Cancel);

            var writes = cluster.Writes.Count(write => write.Path.EndsWith(call, StringComparison.Ordinal));
            writes.ShouldBe(kind == FaultKind.NoConnection ? 2 : 1, $"{kind} {call}");
            (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();
            (await cluster.GuestsAsync(Cancel)).ShouldBe(2);
            cluster.Machines.Starts.Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task Case_43_a_lock_of_another_task_is_waited_for()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        cluster.Faults.Add(new(FaultKind.LockHeld, "POST /api2/json/nodes/node005/qemu/250/config", "backup", Seconds: 0.5));

        await cluster.RunAsync(HostOf(Spec with { Cores = 3 }), Cancel);

        cluster.Told.Lines.ShouldContain("VM 250 on node005 is locked (backup); waiting");
        (await cluster.ConfigAsync(Cancel))["cores"].ShouldBe("3");
        cluster.ConfigWrites.ShouldAllBe(write => !write.Body.Contains("lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_list_that_does_not_know_a_new_machine_yet_changes_nothing()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { ListLag = TimeSpan.FromMinutes(1) });

        await cluster.RunAsync(Host, Cancel);

        cluster.Wire.Forget();
        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_46_no_secret_is_in_what_is_told_planned_or_thrown()
    {
        await using var cluster = await Cluster.StartAsync();
        cluster.Faults.Add(new(FaultKind.TaskFails, "qmconfig", "no"));
        var failed = await Should.ThrowAsync<ProxmoxException>(() => cluster.RunAsync(Host, Cancel));
        var planned = await cluster.RunAsync(Host, Cancel);

        string[] texts = [$"{failed}", .. cluster.Told.Lines, .. planned.Select(change => $"{change}"), .. VirtualMachinePlan.Steps(planned).Select(step => $"{step}"), $"{cluster.Client}"];

        texts.ShouldAllBe(text => !text.Contains(Wire.TokenSecret, StringComparison.Ordinal));
        cluster.Wire.Requests.ShouldAllBe(request => !$"{request}".Contains(Wire.TokenSecret, StringComparison.Ordinal));
        Applying.VirtualMachineCall.Of(new ConfigureVm(Wanted.Id, System.Collections.Immutable.ImmutableSortedDictionary<string, string>.Empty.Add("cipassword", "hunter22"), null))
            .Call.Purpose.ShouldBe("set cipassword of VM 250 on node005");
    }
}
