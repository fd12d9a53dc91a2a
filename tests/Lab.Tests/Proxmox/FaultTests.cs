using Lab.Proxmox.Faults;

namespace Lab.Tests.Proxmox;

/// <summary>Each fault that can be switched on, as a client sees it.</summary>
public class FaultTests
{
    [Fact]
    public async Task A_task_can_end_with_an_error_with_warnings_or_never()
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with
        {
            Faults = [new(FaultKind.TaskFails, "qmclone", "lvcreate failed"), new(FaultKind.TaskWarns, "qmconfig"), new(FaultKind.TaskNeverEnds, "qmstart")],
        });
        (await proxmox.EndOfAsync(await proxmox.PostAsync("nodes/pve/qemu/9999/clone", ("newid", "250")))).ShouldBe("lvcreate failed");
        var vm = await proxmox.CloneAsync();

        var warned = await proxmox.PostAsync($"{vm}/config", ("cores", "3"));
        (await proxmox.EndOfAsync(warned)).ShouldBe("WARNINGS: 2");
        (await proxmox.ConfigAsync(vm)).GetProperty("cores").GetInt32().ShouldBe(3);
        (await proxmox.GetAsync($"nodes/pve/tasks/{Uri.EscapeDataString(warned.Data.GetString()!)}/log")).Body.ShouldContain("TASK WARNINGS: 2");
        var endless = Uri.EscapeDataString((await proxmox.PostAsync($"{vm}/status/start")).Data.GetString()!);
        await Task.Delay(100, TestContext.Current.CancellationToken);
        (await proxmox.GetAsync($"nodes/pve/tasks/{endless}/status")).Data.GetProperty("status").GetString().ShouldBe("running");
        proxmox.Machines.Running.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lock_is_held_for_a_while()
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with { Faults = [new(FaultKind.LockHeld, "PUT", "backup", Seconds: 0.3)] });
        var vm = await proxmox.CloneAsync();

        (await proxmox.PutAsync($"{vm}/config", ("cores", "3"))).ShouldFail(500, "VM is locked (backup)");
        (await proxmox.ConfigAsync(vm)).GetProperty("lock").GetString().ShouldBe("backup");

        await RunningDouble.UntilAsync(async () => !(await proxmox.ConfigAsync(vm)).TryGetProperty("lock", out _));
        (await proxmox.PutAsync($"{vm}/config", ("cores", "3"))).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Case_41_an_answer_can_be_lost_a_node_be_silent_or_offline_and_the_cluster_without_quorum()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        proxmox.Faults.Add(new(FaultKind.LostAnswer, "/clone"));
        await Should.ThrowAsync<HttpRequestException>(() => proxmox.PostAsync("nodes/pve/qemu/9999/clone", ("newid", "250")));
        await RunningDouble.UntilAsync(async () => (await proxmox.GetAsync("nodes/pve/qemu/250/config")).Status == 200);
        proxmox.Faults.Add(new(FaultKind.NoConnection, "/version"));
        (await proxmox.GetAsync("version")).ShouldFail(595, "Connection refused");
        (await proxmox.GetAsync("version")).Status.ShouldBe(200);
        proxmox.Faults.Add(new(FaultKind.NoQuorum));
        (await proxmox.PutAsync("nodes/pve/qemu/250/config", ("cores", "3"))).ShouldFail(500, "cluster not ready - no quorum?");
        proxmox.Faults.Add(new(FaultKind.NodeOffline, Text: "pve"));
        (await proxmox.GetAsync("nodes/pve/qemu/250/config")).ShouldFail(595, "No route to host");
        (await proxmox.GetAsync("nodes")).Body.ShouldContain("offline");
        proxmox.Faults.Clear();
        (await proxmox.GetAsync("nodes/pve/qemu/250/config")).Status.ShouldBe(200);
    }
}
