using System.Text.Json;

namespace Lab.Tests.Proxmox;

public class MachineTests
{
    [Theory]
    [InlineData("40G", "OK", "40G")]
    [InlineData("3G", "OK", "3G")]
    [InlineData("+32G", "OK", "35G")]
    [InlineData("2G", "shrinking disks is not supported", "3G")]
    public async Task Case_27_disks_grow_and_never_shrink(string size, string end, string after)
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        (await proxmox.EndOfAsync(await proxmox.PutAsync($"{vm}/resize", ("disk", "scsi0"), ("size", size)))).ShouldBe(end);
        (await proxmox.ConfigAsync(vm)).GetProperty("scsi0").GetString().ShouldBe($"local-lvm:vm-250-disk-0,size={after}");
    }

    [Fact]
    public async Task Case_27_disks_that_cannot_be_resized_are_refused_at_once()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        (await proxmox.PutAsync($"{vm}/resize", ("disk", "ide2"), ("size", "1G"))).ShouldFail(500, "you can't resize a cdrom");
        (await proxmox.PutAsync($"{vm}/resize", ("disk", "scsi7"), ("size", "1G"))).ShouldFail(500, "disk 'scsi7' does not exist");
        (await proxmox.PutAsync($"{vm}/resize", ("disk", "scsi99"), ("size", "-1G")))
            .Error("size")
            .ShouldBe("value does not match the regex pattern");
        (await proxmox.PutAsync($"{vm}/resize", ("disk", "scsi0"), ("size", "9G"), ("digest", "0"))).ShouldFail(
            500,
            "checksum mismatch (file change by other user?)"
        );
    }

    [Fact]
    public async Task Case_29_a_second_start_fails_in_its_task()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"))).ShouldBe("OK");
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"))).ShouldBe("VM 250 already running");
        (await proxmox.EndOfAsync(await proxmox.PostAsync("nodes/pve/qemu/777/status/start"))).ShouldBe(
            "Configuration file 'nodes/pve/qemu-server/777.conf' does not exist"
        );
    }

    [Fact]
    public async Task Case_30_stop_is_no_error_on_a_stopped_machine_but_reboot_is()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        foreach (var verb in new[] { "stop", "shutdown" })
            (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/{verb}"))).ShouldBe("OK");
        (await proxmox.PostAsync($"{vm}/status/reboot")).ShouldFail(500, "VM 250 not running");
        (await proxmox.EndOfAsync(await proxmox.PostAsync("nodes/pve/qemu/9999/status/start"))).ShouldBe(
            "you can't start a vm if it's a template"
        );
    }

    [Fact]
    public async Task Case_31_a_reboot_task_ends_with_the_machine_down_and_then_it_starts()
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with { WorkerDelay = TimeSpan.FromMilliseconds(300) });
        var vm = await proxmox.CloneAsync();
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"))).ShouldBe("OK");
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/reboot"))).ShouldBe("OK");
        (await proxmox.GetAsync($"{vm}/status/current")).Data.GetProperty("status").GetString().ShouldBe("stopped");
        await RunningDouble.UntilAsync(async () =>
            (await proxmox.GetAsync($"{vm}/status/current")).Data.GetProperty("status").GetString() == "running"
        );
    }

    [Fact]
    public async Task Case_32_the_agent_has_three_ways_not_to_answer()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        await proxmox.PutAsync($"{vm}/config", ("agent", "0"), ("ipconfig0", "ip=198.18.77.11/24,gw=198.18.77.1"));
        (await proxmox.PostAsync($"{vm}/agent/ping")).ShouldFail(500, "No QEMU guest agent configured");
        await proxmox.PutAsync($"{vm}/config", ("agent", "1"));
        (await proxmox.PostAsync($"{vm}/agent/ping")).ShouldFail(500, "VM 250 is not running");
        proxmox.Machines.Booted = false;
        await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"));
        (await proxmox.PostAsync($"{vm}/agent/ping")).ShouldFail(500, "QEMU guest agent is not running");
        proxmox.Machines.Booted = true;
        (await proxmox.PostAsync($"{vm}/agent/ping")).Status.ShouldBe(200);
        var mac = (await proxmox.ConfigAsync(vm)).GetProperty("net0").GetString()!.Split(',')[0]["virtio=".Length..];
        var cards = (await proxmox.GetAsync($"{vm}/agent/network-get-interfaces")).Data.GetProperty("result").EnumerateArray();
        var card = cards.Single(entry =>
            string.Equals(entry.GetProperty("hardware-address").GetString(), mac, StringComparison.OrdinalIgnoreCase)
        );
        card.GetProperty("ip-addresses")[0].GetProperty("ip-address").GetString().ShouldBe("198.18.77.11");
    }

    [Fact]
    public async Task The_agent_runs_commands_and_reads_files()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"));
        (await proxmox.GetAsync($"{vm}/agent/get-osinfo")).Data.GetProperty("result").GetProperty("id").GetString().ShouldBe("debian");
        (await proxmox.GetAsync($"{vm}/agent/file-read?file=/etc/hostname")).Data.GetProperty("content").GetString().ShouldBe("vm250\n");
        (await proxmox.GetAsync($"{vm}/agent/file-read?file=/nope")).ShouldFail(
            500,
            "Agent error: failed to open file '/nope' (mode: 'r'): No such file or directory"
        );
        var pid = (await proxmox.PostAsync($"{vm}/agent/exec", ("command", "tee"), ("input-data", "hello")))
            .Data.GetProperty("pid")
            .GetInt32();
        var ended = (await proxmox.GetAsync($"{vm}/agent/exec-status?pid={pid}")).Data;
        (
            ended.GetProperty("exited").GetInt32(),
            ended.GetProperty("exitcode").GetInt32(),
            ended.GetProperty("out-data").GetString()
        ).ShouldBe((1, 0, "hello"));
        (await proxmox.GetAsync($"{vm}/agent/exec-status?pid={pid}")).ShouldFail(500, $"Agent error: PID {pid} does not exist");
        // A list in a form is its key more than once.
        proxmox.Judges = false;
        (await proxmox.PostAsync($"{vm}/agent/exec", ("command", "ls"), ("command", "-l"))).Status.ShouldBe(200);
        proxmox.Requests[^1].Parameters["command"].ShouldBeAssignableTo<List<string>>().ShouldBe(["ls", "-l"]);
    }

    [Fact]
    public async Task Case_35_a_running_or_protected_machine_is_not_destroyed()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        await proxmox.PutAsync($"{vm}/config", ("protection", "1"));
        (await proxmox.DeleteAsync($"{vm}?purge=1")).ShouldFail(500, "can't remove VM 250 - protection mode enabled");
        await proxmox.PutAsync($"{vm}/config", ("delete", "protection"));
        await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"));
        (await proxmox.DeleteAsync(vm)).ShouldFail(500, "VM 250 is running - destroy failed");
        await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/stop"));
        (await proxmox.EndOfAsync(await proxmox.DeleteAsync($"{vm}?purge=1&destroy-unreferenced-disks=0"))).ShouldBe("OK");
        (await proxmox.GetAsync($"{vm}/config")).ShouldFail(500, "Configuration file 'nodes/pve/qemu-server/250.conf' does not exist");
        proxmox.Machines.Destroyed.ShouldBe([250]);
        (await proxmox.GetAsync("cluster/nextid?vmid=250")).Data.GetString().ShouldBe("250");
    }

    [Fact]
    public async Task A_template_with_linked_clones_stays()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        await proxmox.EndOfAsync(await proxmox.PostAsync("nodes/pve/qemu/9999/clone", ("newid", "250")));
        (await proxmox.EndOfAsync(await proxmox.DeleteAsync("nodes/pve/qemu/9999"))).ShouldContain("in use by linked clones");
        (await proxmox.GetAsync("nodes/pve/qemu/9999/config")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task What_the_machine_could_not_do_is_the_tasks_error()
    {
        await using var proxmox = await RunningDouble.StartAsync(machines: new() { StartProblem = "no room in 198.18.77.0/24" });
        var vm = await proxmox.CloneAsync();
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"))).ShouldBe("no room in 198.18.77.0/24");
        (await proxmox.GetAsync($"{vm}/status/current")).Data.GetProperty("status").GetString().ShouldBe("stopped");
    }

    [Fact]
    public async Task A_start_hands_over_what_the_hypervisor_would_write_to_the_cloud_init_drive()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        await proxmox.PutAsync(
            $"{vm}/config",
            ("name", "gh-runner-01"),
            ("ipconfig0", "ip=198.18.77.11/24,gw=198.18.77.1"),
            ("nameserver", "198.18.77.1"),
            ("searchdomain", "lab.test"),
            ("ciupgrade", "0"),
            ("memory", "8192")
        );
        await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"));
        var machine = proxmox.Machines.Running[250];
        machine.ShouldBe(
            machine with
            {
                Name = "gh-runner-01",
                Cores = 2,
                MemoryMiB = 8192,
                PrefixLength = 24,
                Address = new([198, 18, 77, 11]),
                Gateway = new([198, 18, 77, 1]),
            }
        );
        machine.Seed.UserData.ShouldBe(
            "#cloud-config\nhostname: gh-runner-01\nmanage_etc_hosts: true\nfqdn: gh-runner-01.lab.test\nchpasswd:\n  expire: False\nusers:\n  - default\npackage_upgrade: false\n"
        );
        machine.Seed.NetworkConfig.ShouldBe(
            $"version: 1\nconfig:\n    - type: physical\n      name: eth0\n      mac_address: '{machine.MacAddress!.ToLowerInvariant()}'\n      subnets:\n      - type: static\n        address: '198.18.77.11'\n"
                + "        netmask: '255.255.255.0'\n        gateway: '198.18.77.1'\n    - type: nameserver\n      address:\n      - '198.18.77.1'\n      search:\n      - 'lab.test'\n"
        );
        machine.Seed.MetaData.ShouldMatch("^instance-id: [0-9a-f]{40}\n$");
    }

    [Fact]
    public async Task The_cloud_init_drive_lags_behind_until_it_is_written()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var vm = await proxmox.CloneAsync();
        await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start"));
        await proxmox.PutAsync($"{vm}/config", ("ciuser", "me"), ("ipconfig0", "ip=dhcp"));
        JsonElement? User(Answer answer) =>
            answer.Data.EnumerateArray().SingleOrDefault(entry => entry.GetProperty("key").GetString() == "ciuser");
        var before = await proxmox.GetAsync($"{vm}/cloudinit");
        User(before)!.Value.GetProperty("pending").GetString().ShouldBe("me");
        before.Body.ShouldNotContain("ipconfig0");
        (await proxmox.PutAsync($"{vm}/cloudinit")).Status.ShouldBe(200);
        User(await proxmox.GetAsync($"{vm}/cloudinit"))!.Value.GetProperty("value").GetString().ShouldBe("me");
    }
}
