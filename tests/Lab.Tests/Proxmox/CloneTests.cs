using Lab.Proxmox;

namespace Lab.Tests.Proxmox;

public class CloneTests
{
    [Fact]
    public async Task Case_14_a_clone_is_locked_until_its_task_ends_and_differs_in_mac_and_uuid()
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with { CloneDelay = TimeSpan.FromSeconds(1) });
        var started = await proxmox.PostAsync(
            "nodes/pve/qemu/9999/clone",
            ("newid", "250"),
            ("full", "1"),
            ("name", "gh-runner-01"),
            ("description", "mine\nübrigens\n")
        );
        started.Data.GetString()!.ShouldMatch("^UPID:pve:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:qmclone:9999:root@pam!test:$");
        await RunningDouble.UntilAsync(async () => (await proxmox.GetAsync("nodes/pve/qemu/250/status/current")).Status == 200);
        (await proxmox.GetAsync("nodes/pve/qemu/250/status/current")).Data.GetProperty("lock").GetString().ShouldBe("clone");
        (await proxmox.ConfigAsync("nodes/pve/qemu/250")).GetProperty("lock").GetString().ShouldBe("clone");
        (await proxmox.PutAsync("nodes/pve/qemu/250/config", ("cores", "4"))).ShouldFail(500, "VM is locked (clone)");
        (await proxmox.EndOfAsync(await proxmox.PostAsync("nodes/pve/qemu/250/status/start"))).ShouldBe("VM is locked (clone)");
        (await proxmox.EndOfAsync(started)).ShouldBe("OK");
        var template = await proxmox.ConfigAsync("nodes/pve/qemu/9999");
        var clone = await proxmox.ConfigAsync("nodes/pve/qemu/250");
        clone.TryGetProperty("lock", out _).ShouldBeFalse();
        clone.TryGetProperty("template", out _).ShouldBeFalse();
        clone.GetProperty("name").GetString().ShouldBe("gh-runner-01");
        clone.GetProperty("description").GetString().ShouldBe("mine\nübrigens");
        clone.GetProperty("scsi0").GetString().ShouldBe("local-lvm:vm-250-disk-0,size=3G");
        clone.GetProperty("agent").GetString().ShouldBe("enabled=1");
        foreach (var key in new[] { "net0", "smbios1" })
            clone.GetProperty(key).GetString().ShouldNotBe(template.GetProperty(key).GetString());
    }

    [Fact]
    public async Task Case_14_a_clone_copies_the_description_of_its_source()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        await proxmox.PutAsync("nodes/pve/qemu/9999/config", ("description", "from Debian"));
        (await proxmox.ConfigAsync(await proxmox.CloneAsync())).GetProperty("description").GetString().ShouldBe("from Debian");
    }

    [Fact]
    public async Task Case_15_a_clone_without_a_name_is_called_after_its_source()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        (await proxmox.EndOfAsync(await proxmox.PostAsync("nodes/pve/qemu/9999/clone", ("newid", "251")))).ShouldBe("OK");
        (await proxmox.ConfigAsync("nodes/pve/qemu/251")).GetProperty("name").GetString().ShouldBe("Copy-of-VM-debian-13-template");
    }

    [Fact]
    public async Task Case_16_an_id_in_use_is_an_error_here_and_a_failed_task_elsewhere()
    {
        await using var proxmox = await RunningDouble.StartAsync(options =>
            options with
            {
                Nodes = ["pve", "node006"],
                Guests =
                [
                    .. options.Guests,
                    new(260, "node006", "qemu", GuestSeed.DebianTemplate(260, "node006").Config),
                    new(261, "pve", "lxc", GuestSeed.DebianTemplate(261, "pve").Config),
                ],
            }
        );
        await proxmox.CloneAsync();
        (await proxmox.PostAsync("nodes/pve/qemu/9999/clone", ("newid", "250"))).ShouldFail(
            500,
            "unable to create VM 250: config file already exists"
        );
        foreach (var taken in new[] { "260", "261" })
        {
            var end = await proxmox.EndOfAsync(await proxmox.PostAsync("nodes/pve/qemu/9999/clone", ("newid", taken)));
            end.ShouldBe($"close (rename) atomic file '/etc/pve/nodes/pve/qemu-server/{taken}.conf' failed: File exists");
        }
        (await proxmox.GetAsync("nodes/pve/qemu")).Data.GetArrayLength().ShouldBe(2);
    }

    [Fact]
    public async Task Case_17_storages_and_targets_that_do_not_fit_are_refused()
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with { Nodes = ["pve", "node006"] });
        Task<Answer> Clone(params (string, string)[] more) => proxmox.PostAsync("nodes/pve/qemu/9999/clone", [("newid", "250"), .. more]);
        (await Clone(("storage", "local-lvm"))).ShouldFail(500, "parameter 'storage' not allowed for linked clones");
        (await Clone(("full", "1"), ("storage", "nowhere"))).ShouldFail(500, "storage 'nowhere' does not exist");
        (await Clone(("full", "1"), ("storage", "local")))
            .Error("storage")
            .ShouldBe("storage 'local' does not support content-type 'images'\n");
        (await Clone(("full", "1"), ("target", "node006"))).ShouldFail(500, "can't clone VM to node 'node006' (VM uses local storage)");
        (await Clone(("target", "node007"))).ShouldFail(500, "no such cluster node 'node007'");
        (await proxmox.PostAsync("nodes/pve/qemu/8888/clone", ("newid", "250"))).ShouldFail(
            500,
            "unable to find configuration file for VM 8888 on node 'pve'"
        );
    }

    [Fact]
    public async Task Case_44_of_two_clones_to_the_same_id_one_wins()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var started = await Task.WhenAll(
            Enumerable.Range(0, 2).Select(_ => proxmox.PostAsync("nodes/pve/qemu/9999/clone", ("newid", "250")))
        );
        var ends = new List<string>();
        foreach (var answer in started)
            ends.Add(answer.Status == 200 ? await proxmox.EndOfAsync(answer) : answer.Reason);
        ends.Count(end => end == "OK").ShouldBe(1);
        ends.Single(end => end != "OK").ShouldContain("exists");
        (await proxmox.GetAsync("nodes/pve/qemu/250/config")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task An_aborted_clone_leaves_nothing()
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with { CloneDelay = TimeSpan.FromMinutes(1) });
        var started = await proxmox.PostAsync("nodes/pve/qemu/9999/clone", ("newid", "250"));
        await RunningDouble.UntilAsync(async () => (await proxmox.GetAsync("nodes/pve/qemu/250/config")).Status == 200);
        (await proxmox.DeleteAsync($"nodes/pve/tasks/{Uri.EscapeDataString(started.Data.GetString()!)}")).Status.ShouldBe(200);
        (await proxmox.EndOfAsync(started)).ShouldBe("interrupted by signal");
        (await proxmox.GetAsync("cluster/nextid?vmid=250")).Data.GetString().ShouldBe("250");
    }
}
