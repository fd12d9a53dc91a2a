using System.Text.Json;
using Lab.Proxmox;

namespace Lab.Tests.Proxmox;

public class ClusterTests
{
    [Theory]
    [InlineData("9.1", true)]
    [InlineData("8.4", true)]
    [InlineData("7.4", false)]
    public async Task Case_07_newer_releases_say_the_message_in_the_body_too(string version, bool inBody)
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with { Version = version });
        var answer = await proxmox.GetAsync("nodes/pve/qemu/777/config");
        answer.ShouldFail(500, "Configuration file 'nodes/pve/qemu-server/777.conf' does not exist");
        answer.Body.ShouldBe(
            inBody
                ? """{"data":null,"message":"Configuration file 'nodes/pve/qemu-server/777.conf' does not exist\n"}"""
                : """{"data":null}"""
        );
    }

    [Fact]
    public async Task Case_18_a_task_is_found_by_its_upid_and_by_no_other()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var started = await proxmox.PostAsync("nodes/pve/qemu/9999/status/stop");
        await proxmox.EndOfAsync(started);
        var upid = started.Data.GetString()!;
        var status = (await proxmox.GetAsync($"nodes/pve/tasks/{Uri.EscapeDataString(upid)}/status")).Data;
        (
            status.GetProperty("user").GetString(),
            status.GetProperty("tokenid").GetString(),
            status.GetProperty("type").GetString()
        ).ShouldBe(("root@pam", "test", "qmstop"));
        (await proxmox.GetAsync($"nodes/pve/tasks/{upid.Replace("qmstop", "qmstart")}/status")).Error("upid").ShouldBe("no such task");
        (await proxmox.GetAsync("nodes/pve/tasks/nonsense/status")).Error("upid").ShouldBe("unable to parse worker upid");
        var log = await proxmox.GetAsync($"nodes/pve/tasks/{upid.Replace("qmstop", "qmstart")}/log");
        log.Data[0].GetProperty("t").GetString()!.ShouldStartWith("unable to open file");
    }

    [Fact]
    public async Task Case_19_a_log_has_pages_and_ends_with_the_outcome()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        await proxmox.CloneAsync();
        var task = (await proxmox.GetAsync("nodes/pve/tasks?vmid=9999&typefilter=qmclone")).Data[0];
        var log = await proxmox.GetAsync(
            $"nodes/pve/tasks/{Uri.EscapeDataString(task.GetProperty("upid").GetString()!)}/log?start=1&limit=1"
        );
        log.Json.GetProperty("total").GetInt32().ShouldBe(2);
        (log.Data.GetArrayLength(), log.Data[0].GetProperty("n").GetInt32(), log.Data[0].GetProperty("t").GetString()).ShouldBe(
            (1, 2, "TASK OK")
        );
    }

    [Fact]
    public async Task Case_41_a_node_that_is_offline_or_unknown_is_told_apart()
    {
        await using var proxmox = await RunningDouble.StartAsync(options =>
            options with
            {
                Nodes = ["pve", "node006"],
                OfflineNodes = ["node006"],
            }
        );
        var offline = await proxmox.GetAsync("nodes/node006/qemu");
        offline.ShouldFail(595, "No route to host");
        offline.Body.ShouldBeEmpty();
        (await proxmox.GetAsync("nodes/node007/qemu")).Reason.ShouldStartWith("hostname lookup 'node007' failed");
        (await proxmox.GetAsync("nodes/no_de/qemu")).Error("node").ShouldNotBeNull();
        (await proxmox.GetAsync("nodes"))
            .Data.EnumerateArray()
            .Select(node => node.GetProperty("status").GetString())
            .ShouldBe(["online", "offline"]);
    }

    [Fact]
    public async Task Case_42_the_next_free_id_is_text()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        (await proxmox.GetAsync("cluster/nextid")).Data.GetString().ShouldBe("100");
        (await proxmox.ConfigAsync("nodes/pve/qemu/9999")).GetProperty("memory").ValueKind.ShouldBe(JsonValueKind.String);
    }

    [Fact]
    public async Task Case_48_releases_differ_in_parameters_privileges_and_answers()
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with { Version = "7.4" });
        var vm = await proxmox.CloneAsync();
        (await proxmox.PutAsync($"{vm}/config", ("ciupgrade", "0"))).Status.ShouldBe(400);
        (await proxmox.PutAsync($"{vm}/resize", ("disk", "scsi0"), ("size", "9G"))).Data.ValueKind.ShouldBe(JsonValueKind.Null);
        (await proxmox.PutAsync($"{vm}/resize", ("disk", "scsi0"), ("size", "8G"))).ShouldFail(500, "shrinking disks is not supported");
        (await proxmox.ConfigAsync(vm)).GetProperty("memory").GetInt32().ShouldBe(4096);
        var own = (await proxmox.GetAsync("access/permissions?path=/vms/250")).Data.GetProperty("/vms/250");
        own.TryGetProperty("VM.Monitor", out _).ShouldBeTrue();
        own.TryGetProperty("VM.GuestAgent.Audit", out _).ShouldBeFalse();
    }

    [Fact]
    public async Task Storages_tell_their_room_and_what_they_hold()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        (await proxmox.GetAsync("nodes/pve/storage?content=images"))
            .Data.EnumerateArray()
            .Select(storage => storage.GetProperty("storage").GetString())
            .ShouldBe(["local-lvm"]);
        (await proxmox.GetAsync("nodes/pve/storage/local-lvm/status")).Data.GetProperty("avail").GetInt64().ShouldBeGreaterThan(0);
        (await proxmox.GetAsync("nodes/pve/storage/nowhere/status")).ShouldFail(500, "storage 'nowhere' does not exist");
    }

    [Fact]
    public async Task Case_34_a_storage_without_snapshots_says_so_in_the_task()
    {
        await using var proxmox = await RunningDouble.StartAsync(options =>
            options with
            {
                Storages = [.. Storage.Defaults.Select(storage => storage with { HasSnapshots = false })],
            }
        );
        (await proxmox.GetAsync("nodes/pve/qemu/9999/snapshot"))
            .Data.EnumerateArray()
            .Select(entry => entry.GetProperty("name").GetString())
            .ShouldBe(["current"]);
        Task<Answer> Snapshot(string name) => proxmox.PostAsync("nodes/pve/qemu/9999/snapshot", ("snapname", name));
        (await proxmox.EndOfAsync(await Snapshot("clean"))).ShouldBe("snapshot feature is not available");
        (await Snapshot("current")).ShouldFail(500, "unable to use snapshot name 'current' (reserved name)");
        (await Snapshot("x")).Error("snapname").ShouldNotBeNull();
        (await proxmox.EndOfAsync(await proxmox.PostAsync("nodes/pve/qemu/9999/snapshot/clean/rollback"))).ShouldBe(
            "snapshot 'clean' does not exist"
        );
        (await proxmox.GetAsync("nodes/pve/qemu/9999/feature?feature=snapshot")).Data.GetProperty("hasFeature").GetInt32().ShouldBe(0);
    }

    [Fact]
    public async Task The_state_outlives_the_double_and_an_interrupted_task_does_not()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("proxmox.json");
        string upid;
        await using (
            var first = await RunningDouble.StartAsync(options =>
                options with
                {
                    StateFile = file,
                    CloneDelay = TimeSpan.FromMinutes(1),
                }
            )
        )
        {
            await first.PutAsync("nodes/pve/qemu/9999/config", ("tags", "kept"));
            upid = (await first.PostAsync("nodes/pve/qemu/9999/clone", ("newid", "250"))).Data.GetString()!;
            await RunningDouble.UntilAsync(async () => (await first.GetAsync("nodes/pve/qemu/250/config")).Status == 200);
        }
        await using var second = await RunningDouble.StartAsync(options => options with { StateFile = file });
        (await second.ConfigAsync("nodes/pve/qemu/9999")).GetProperty("tags").GetString().ShouldBe("kept");
        (await second.ConfigAsync("nodes/pve/qemu/250")).GetProperty("lock").GetString().ShouldBe("clone");
        (await second.GetAsync($"nodes/pve/tasks/{Uri.EscapeDataString(upid)}/status"))
            .Data.GetProperty("exitstatus")
            .GetString()
            .ShouldBe("unexpected status");
    }

    [Fact]
    public void An_unreadable_state_file_is_named()
    {
        using var folder = new TemporaryFolder();
        var file = folder.At("state.json");
        File.WriteAllText(file, "{");
        Should
            .Throw<InvalidDataException>(() => new ProxmoxDouble(new() { StateFile = file }, new MemoryMachines(), TimeProvider.System))
            .Message.ShouldContain(file);
    }
}
