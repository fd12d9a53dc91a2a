using System.Collections.Immutable;
using Lab.Proxmox;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Whole runs against the double, judged by what went over the wire.</summary>
public sealed class LifecycleTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("9.1")]
    [InlineData("8.4")]
    [InlineData("7.4")]
    public async Task Cases_14_39_and_48_a_machine_is_made_with_four_writes_and_the_second_run_makes_none(string version)
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Version = version });

        (await cluster.RunAsync(Host, Cancel)).Count.ShouldBeGreaterThan(5);

        cluster.Writes.Select(write => $"{write.Method} {write.Path}").ShouldBe(
        [
            "POST /api2/json/nodes/node005/qemu/9999/clone",
            "POST /api2/json/nodes/node005/qemu/250/config",
            "PUT /api2/json/nodes/node005/qemu/250/resize",
            "POST /api2/json/nodes/node005/qemu/250/status/start",
        ]);
        cluster.Writes[1].Body.Contains("ciupgrade=0", StringComparison.Ordinal).ShouldBe(version != "7.4");
        cluster.Writes[1].Body.ShouldContain("digest=");
        var machine = cluster.Machines.Starts.ShouldHaveSingleItem();
        machine.Name.ShouldBe("gh-runner-01");
        machine.Seed.UserData.ShouldContain(FirstKey);
        machine.Seed.UserData.ShouldContain(SecondKey);

        cluster.Wire.Forget();
        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();
        cluster.Writes.ShouldBeEmpty();
        cluster.Wire.Requests.Count.ShouldBe(7);
    }

    [Theory]
    [InlineData("cores", "3")]
    [InlineData("memory", "8192")]
    [InlineData("name", "renamed")]
    [InlineData("net0", "virtio=BC:24:11:01:02:03,bridge=vmbr1,queues=4")]
    [InlineData("net0", "virtio=BC:24:11:01:02:03,bridge=vmbr0,tag=9,firewall=1")]
    [InlineData("ipconfig0", "ip=dhcp")]
    [InlineData("nameserver", "1.1.1.1")]
    [InlineData("searchdomain", "other.example")]
    [InlineData("ciuser", "debian")]
    [InlineData("ciupgrade", "1")]
    [InlineData("agent", "enabled=0")]
    [InlineData("onboot", "0")]
    [InlineData("sockets", "2")]
    [InlineData("cpu", "kvm64")]
    [InlineData("balloon", "1024")]
    [InlineData("protection", "0")]
    [InlineData("tags", "zfs;ci")]
    [InlineData("description", "notes only")]
    [InlineData("sshkeys", "ssh-ed25519%20AAAAC3NzaC1lZDI1NTE5AAAAIIbEtBNqcVCnL4LuGHQAkRyqgdQ2SHKKVaVaSNAYW6Wn%20me")]
    public async Task Case_40_a_key_that_drifted_is_written_in_one_call_with_that_key_alone(string key, string value)
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Bridges = ["vmbr0", "vmbr1"] });
        // Every attribute that the fleet can decide on.
        var host = HostOf(Spec with { Cpu = "host", BalloonMiB = 4096, Vlan = 7, Protection = true });
        foreach (var running in new[] { true, false })
        {
            if (running)
                await cluster.RunAsync(host, Cancel);
            else
                await cluster.WriteAsync(ProxmoxCall.Post("/nodes/node005/qemu/250/status/stop", [], "stop"), Cancel);
            // The name and our tag stand for the mark, so only one of them may drift at once.
            await cluster.WriteAsync(ProxmoxCall.Put("/nodes/node005/qemu/250/config", [new(key, value)], "drift"), Cancel);
            cluster.Wire.Forget();

            await cluster.RunAsync(host, Cancel);

            var config = cluster.Writes.Where(write => !write.Path.EndsWith("/start", StringComparison.Ordinal)).ShouldHaveSingleItem();
            config.Path.ShouldBe("/api2/json/nodes/node005/qemu/250/config");
            config.Body.Split('&').Select(field => field.Split('=')[0]).Order().ShouldBe(new[] { key, "digest" }.Order());
            VirtualMachinePlan.Diff(RunnerBuild.Desired.VirtualMachine.Of(host), await cluster.Vms.ObserveAsync(host, Cancel)).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task Case_40_another_pool_is_left_in_one_call_and_no_configuration_is_written()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Pools = ["gh-runners", "others"] });
        await cluster.RunAsync(HostOf(Spec with { Pool = "others" }), Cancel);
        cluster.Wire.Forget();

        (await cluster.RunAsync(HostOf(Spec with { Pool = "gh-runners" }), Cancel)).ShouldHaveSingleItem().Field.ShouldBe("pool");

        cluster.Writes.ShouldHaveSingleItem().ShouldBe(new("PUT", "/api2/json/pools/gh-runners", "vms=250&allow-move=1", "application/x-www-form-urlencoded"));
        (await cluster.RunAsync(HostOf(Spec with { Pool = "gh-runners" }), Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_28_what_needs_a_restart_stays_pending_and_later_runs_only_say_so()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var more = HostOf(Spec with { MemoryMiB = 70000 });

        (await cluster.RunAsync(more, Cancel)).Single().Note.ShouldBe("needs a restart");
        cluster.Wire.Forget();
        (await cluster.RunAsync(more, Cancel)).ShouldBeEmpty();

        cluster.Writes.ShouldBeEmpty();
        VirtualMachinePlan.Notes(RunnerBuild.Desired.VirtualMachine.Of(more), await cluster.Vms.ObserveAsync(more, Cancel)).ShouldBe(["memory 70000 needs a restart (--allow-restart); until then it is 65536."]);
    }

    [Theory]
    [InlineData("qemu", "node005", "", "virtual machine `ocean` on node node005, tags db;prod")]
    [InlineData("qemu", "node005", "1", "template `ocean` on node node005")]
    [InlineData("qemu", "node006", "", "virtual machine `ocean` on node node006")]
    [InlineData("lxc", "node005", "", "container")]
    public async Task Cases_16_and_38_somebody_elses_guest_is_refused_without_a_write(string kind, string node, string template, string named)
    {
        var seed = new Dictionary<string, string>
        {
            ["name"] = "ocean", ["tags"] = "db;prod", ["cores"] = "2", ["memory"] = "512", ["scsi0"] = "local-lvm:vm-250-disk-0,size=3G",
        };
        if (template.Length > 0)
            seed["template"] = template;
        await using var cluster = await Cluster.StartAsync(Cluster.Options with
        {
            Guests = [GuestSeed.DebianTemplate(9999, "node005"), new(250, node, kind, seed.ToImmutableDictionary())],
        });

        var refused = await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(Host, Cancel));

        refused.Message.ShouldContain("VMID 250 is taken by ");
        refused.Message.ShouldContain(named);
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_machine_is_made_on_the_node_that_the_fleet_says_and_needs_nothing_there_afterwards()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Storages = [.. Storage.Defaults.Select(storage => storage with { Shared = true })] });
        var host = HostOf(Spec with { Node = "node006" });

        await cluster.RunAsync(host, Cancel);

        cluster.Writes.Select(write => write.Path["/api2/json/nodes/".Length..]).ShouldBe(
            ["node005/qemu/9999/clone", "node006/qemu/250/config", "node006/qemu/250/resize", "node006/qemu/250/status/start"]);
        cluster.Writes[0].Body.ShouldEndWith("&target=node006");
        cluster.Wire.Forget();
        (await cluster.RunAsync(host, Cancel)).ShouldBeEmpty();
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_template_or_node_is_refused_without_a_write()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { OfflineNodes = ["node006"] });

        (await RefusalAsync(Spec with { Template = 9000 })).ShouldContain("There is no template 9000; the token sees 9999 (debian-13-template on node005)");
        (await RefusalAsync(Spec with { Node = "node006" })).ShouldContain("Node node006 is offline");
        (await RefusalAsync(Spec with { Node = "pve" })).ShouldContain("The cluster has no node pve");
        cluster.Writes.ShouldBeEmpty();

        async Task<string> RefusalAsync(RunnerBuild.Config.VmSpec spec) =>
            (await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(HostOf(spec), Cancel))).Message;
    }

    [Fact]
    public async Task A_storage_that_does_not_exist_ends_in_its_error_and_leaves_nothing()
    {
        await using var cluster = await Cluster.StartAsync();

        var refused = await Should.ThrowAsync<ProxmoxException>(() => cluster.RunAsync(HostOf(Spec with { Storage = "nowhere" }), Cancel));

        refused.What.ShouldBe("Could not clone template 9999 to VM 250 on node005.");
        refused.Why.ShouldContain("nowhere");
        (await cluster.GuestsAsync(Cancel)).ShouldBe(1);
    }

    [Fact]
    public async Task Case_20_a_configuration_changed_in_between_is_read_and_planned_again()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var more = HostOf(Spec with { Cores = 3 });
        var changes = VirtualMachinePlan.Diff(RunnerBuild.Desired.VirtualMachine.Of(more), await cluster.Vms.ObserveAsync(more, Cancel));
        await cluster.WriteAsync(ProxmoxCall.Put("/nodes/node005/qemu/250/config", [new("onboot", "0")], "meddle"), Cancel);

        await cluster.Vms.ApplyAsync(more, changes, Consent.None, cluster.Told, Cancel);

        (await cluster.ConfigAsync(Cancel))["cores"].ShouldBe("3");
        (await cluster.ConfigAsync(Cancel))["onboot"].ShouldBe("1");
        cluster.Told.Lines.ShouldContain(line => line.Contains("checksum mismatch", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Hosts_from_one_template_are_cloned_one_after_the_other()
    {
        await using var cluster = await Cluster.StartAsync();
        var hosts = Enumerable.Range(1, 3).Select(number => HostOf(Spec with { VmId = 250 + number }, $"gh-runner-0{number}")).ToArray();
        var clones = new System.Collections.Concurrent.ConcurrentQueue<long>();
        cluster.Wire.Loses = (_, request) =>
        {
            if (request.Path.EndsWith("/clone", StringComparison.Ordinal))
                clones.Enqueue(TimeProvider.System.GetTimestamp());
            return false;
        };

        await Task.WhenAll(hosts.Select(host => cluster.RunAsync(cluster.Vms, host, Cancel)));

        (await cluster.GuestsAsync(Cancel)).ShouldBe(4);
        cluster.Machines.Starts.Select(machine => machine.Name).Order().ShouldBe(["gh-runner-01", "gh-runner-02", "gh-runner-03"]);
        clones.Zip(clones.Skip(1), TimeProvider.System.GetElapsedTime).ShouldAllBe(gap => gap >= Cluster.Options.CloneDelay);
    }
}
