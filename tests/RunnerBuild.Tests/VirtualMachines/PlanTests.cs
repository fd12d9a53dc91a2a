using RunnerBuild.Facts;
using RunnerBuild.Planning;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

public sealed class PlanTests
{
    [Fact]
    public void A_machine_that_is_as_wanted_needs_nothing() => VirtualMachinePlan.Diff(Wanted, Converged).ShouldBeEmpty();

    [Theory]
    [InlineData("cores", "2", "16")]
    [InlineData("memory", "4096", "65536")]
    [InlineData("memory", "current=4096", "65536")]
    [InlineData("memory", null, "65536")]
    [InlineData("sockets", "2", "1")]
    [InlineData("name", "Copy-of-VM-debian", "gh-runner-01")]
    [InlineData("net0", "virtio=BC:24:11:AA:BB:CC,bridge=vmbr1,queues=64", "virtio=BC:24:11:AA:BB:CC,bridge=vmbr0,queues=64")]
    [InlineData("net0", "virtio=BC:24:11:AA:BB:CC,tag=7", "virtio=BC:24:11:AA:BB:CC,tag=7,bridge=vmbr0")]
    [InlineData("ipconfig0", "ip=dhcp", "ip=192.168.1.250/24,gw=192.168.1.1")]
    [InlineData("ipconfig0", "ip=192.168.1.250/24,gw=192.168.1.9,ip6=auto", "ip=192.168.1.250/24,gw=192.168.1.1,ip6=auto")]
    [InlineData("nameserver", "8.8.8.8", "192.168.1.2")]
    [InlineData("searchdomain", null, "home.example")]
    [InlineData("ciuser", "debian", "runner-admin")]
    [InlineData("ciupgrade", null, "0")]
    [InlineData("agent", null, "enabled=1")]
    [InlineData("agent", "enabled=0,fstrim_cloned_disks=1", "enabled=1,fstrim_cloned_disks=1")]
    [InlineData("onboot", null, "1")]
    [InlineData("tags", "zfs;ci", "ci;runnerbuild;zfs")]
    [InlineData("description", "Rack 3, ask Ann\n", "Rack 3, ask Ann\nrunnerbuild: gh-runner-01")]
    public void A_key_that_drifted_is_written_alone(string key, string? have, string written)
    {
        var change = VirtualMachinePlan.Diff(Wanted, Converged.With(key, have)).ShouldHaveSingleItem();

        change.Field.ShouldBe(key);
        change.Sign.ShouldBeOneOf('~', '+');
        var step = change.Steps.ShouldHaveSingleItem().ShouldBeOfType<ConfigureVm>();
        step.Values.ShouldHaveSingleItem().ShouldBe(KeyValuePair.Create(key, written));
        step.Digest.ShouldBe("d1");
    }

    [Theory]
    [InlineData("memory", "current=65536")]
    [InlineData("agent", "1")]
    [InlineData("agent", "enabled=yes,type=virtio")]
    [InlineData("tags", "RunnerBuild ci,backup")]
    [InlineData("nameserver", " 192.168.1.2 ")]
    [InlineData("onboot", "1")]
    [InlineData("net0", "model=virtio,macaddr=BC:24:11:AA:BB:CC,bridge=vmbr0")]
    [InlineData("description", "Rack 3\nrunnerbuild: gh-runner-01\nüber\n")]
    [InlineData("balloon", "2048")]
    [InlineData("net1", "virtio=BC:24:11:AA:BB:CD,bridge=vmbr9")]
    public void Cases_23_to_25_another_spelling_or_a_foreign_key_is_no_drift(string key, string have) =>
        VirtualMachinePlan.Diff(Wanted, Converged.With(key, have)).ShouldBeEmpty();

    [Fact]
    public void Case_13_ssh_keys_are_compared_as_a_set_and_written_encoded()
    {
        VirtualMachinePlan.Diff(Wanted, Converged.With("sshkeys", Uri.EscapeDataString($"{SecondKey}\n\n {FirstKey}"))).ShouldBeEmpty();

        var change = VirtualMachinePlan.Diff(Wanted, Converged.With("sshkeys", Uri.EscapeDataString(FirstKey))).ShouldHaveSingleItem();

        var wire = ((ConfigureVm)change.Steps[0]).Values["sshkeys"];
        Uri.UnescapeDataString(wire).ShouldBe($"{FirstKey}\n{SecondKey}");
        wire.ShouldNotContain("+");
        wire.ShouldContain("%20");
        change.From.ShouldBe("me@home + work");
        change.To.ShouldBe("me@home + work, ci/deploy=1");
    }

    [Fact]
    public void All_keys_go_in_one_call_and_the_order_of_steps_is_fixed()
    {
        var drifted = Converged.With("cores", "2").With("memory", "4096").With("scsi0", "local-lvm:vm-250-disk-0,size=3G") with { Running = false };

        VirtualMachinePlan.Steps(VirtualMachinePlan.Diff(Wanted, drifted).Reverse()).Select(step => $"{step}").ShouldBe(
        [
            "setting of cores, memory of VM 250 on node005",
            "resize of scsi0 of VM 250 on node005 to 40G",
            "start of VM 250 on node005",
        ]);
    }

    [Theory]
    [InlineData("40G", null)]
    [InlineData("40960M", null)]
    [InlineData("2252M", "resize of scsi0 of VM 250 on node005 to 40G")]
    [InlineData("3.5G", "resize of scsi0 of VM 250 on node005 to 40G")]
    public void Case_27_a_disk_grows_to_an_absolute_size(string have, string? step) =>
        VirtualMachinePlan.Diff(Wanted, Converged.With("scsi0", $"local-lvm:vm-250-disk-0,size={have}"))
            .SelectMany(change => change.Steps).Select(one => $"{one}").ShouldBe(step is null ? [] : [step]);

    [Theory]
    [InlineData("local-lvm:vm-250-disk-0,size=64G", "cannot shrink")]
    [InlineData(null, "no disk scsi0")]
    public void Case_27_a_disk_that_is_too_large_or_missing_is_refused(string? have, string reason)
    {
        var change = VirtualMachinePlan.Diff(Wanted, Converged.With("scsi0", have)).ShouldHaveSingleItem();

        change.Sign.ShouldBe('!');
        change.Steps.ShouldBeEmpty();
        change.Refusal.ShouldNotBeNull().ShouldContain(reason);
    }

    [Fact]
    public void Upgrading_at_first_boot_is_left_alone_where_proxmox_cannot_turn_it_off() =>
        VirtualMachinePlan.Diff(Wanted, Converged.With("ciupgrade", null) with { Release = new(7, 4) }).ShouldBeEmpty();

    [Fact]
    public void What_a_running_machine_takes_over_later_is_said()
    {
        VirtualMachinePlan.Diff(Wanted, Converged.With("memory", "4096")).Single().Note.ShouldBe("needs a restart");
        VirtualMachinePlan.Diff(Wanted, Converged.With("memory", "4096") with { Running = false })[0].Note.ShouldBeNull();

        var pending = Converged with { Pending = [new("memory", "4096", "65536"), new("balloon", null, "0")] };
        VirtualMachinePlan.Diff(Wanted, pending).ShouldBeEmpty();
        VirtualMachinePlan.Notes(Wanted, pending).ShouldBe(["memory 65536 needs a restart (--allow-restart); until then it is 4096."]);
    }

    [Fact]
    public void A_stopped_machine_is_started() =>
        VirtualMachinePlan.Diff(Wanted, Converged with { Running = false }).ShouldHaveSingleItem().Steps.Single().ShouldBeOfType<StartVm>();

    [Fact]
    public void A_machine_without_our_mark_is_refused_with_its_name_node_and_tags()
    {
        var foreign = Converged.With("description", "the sea").With("name", "ocean").With("tags", "db;prod");

        var change = VirtualMachinePlan.Diff(Wanted, foreign).ShouldHaveSingleItem();

        change.Steps.ShouldBeEmpty();
        change.Refusal.ShouldBe("VMID 250 is taken by virtual machine `ocean` on node node005, tags db;prod. "
            + "It carries no mark `runnerbuild: gh-runner-01`, so it belongs to someone else. Choose another vmid for gh-runner-01; "
            + "or, if it is to become gh-runner-01, run `CreateVm --adopt --limit gh-runner-01`.");
    }

    [Fact]
    public void A_machine_of_another_host_of_the_fleet_is_refused() =>
        VirtualMachinePlan.Diff(Wanted, Converged.With("description", "runnerbuild: gh-runner-02")).Single().Refusal.ShouldNotBeNull().ShouldContain("gh-runner-02");

    [Fact]
    public void A_name_and_our_tag_without_each_other_are_no_mark()
    {
        VirtualMachinePlan.Diff(Wanted, Converged.With("description", null).With("tags", null)).Single().Refusal.ShouldNotBeNull();
        VirtualMachinePlan.Diff(Wanted, Converged.With("description", null).With("name", "other")).Single().Refusal.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("lxc", "node005", false, "container `dns` on node node005, tags infra")]
    [InlineData("qemu", "node005", true, "template `dns` on node node005, tags infra")]
    [InlineData("qemu", "node006", false, "virtual machine `dns` on node node006, tags infra")]
    public void Whatever_else_has_the_vmid_is_refused(string kind, string node, bool template, string named)
    {
        var change = VirtualMachinePlan.Diff(Wanted, new VirtualMachineFacts.Occupied(new(250, kind, node, "dns", "infra", template, null))).ShouldHaveSingleItem();

        change.Steps.ShouldBeEmpty();
        change.Refusal.ShouldNotBeNull().ShouldContain($"VMID 250 is taken by {named}.");
    }

    [Fact]
    public void A_hidden_guest_is_refused() =>
        VirtualMachinePlan.Diff(Wanted, new VirtualMachineFacts.Hidden()).Single().Refusal.ShouldNotBeNull().ShouldContain("VM.Audit on /vms/250");
}
