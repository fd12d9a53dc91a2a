using System.Collections.Immutable;
using Lab.Proxmox;
using RunnerBuild.Planning;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Whose a machine is, and how it becomes ours.</summary>
public sealed class OwnershipTests
{
    private static readonly Consent Adopt = new(Adopt: true);

    private static readonly GuestSeed Ocean = new(250, "node005", "qemu", new Dictionary<string, string>
    {
        ["name"] = "ocean", ["description"] = "the sea", ["cores"] = "2", ["memory"] = "512", ["net0"] = "virtio=BC:24:11:00:00:01,bridge=vmbr0", ["scsi0"] = "local-lvm:vm-250-disk-0,size=3G",
    }.ToImmutableDictionary());

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Case_38_a_machine_becomes_ours_only_when_that_is_said_and_keeps_what_is_written_about_it()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Guests = [.. Cluster.Options.Guests, Ocean] });
        (await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(Host, Cancel))).Message.ShouldContain("CreateVm --adopt --limit gh-runner-01");
        cluster.Writes.ShouldBeEmpty();

        await cluster.RunAsync(Host, Cancel, Adopt);

        (await cluster.ConfigAsync(Cancel))["description"].ShouldBe("the sea\nrunnerbuild: gh-runner-01");
        (await cluster.ConfigAsync(Cancel))["net0"].ShouldContain("BC:24:11:00:00:01");
        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("qemu", "node006", "")]
    [InlineData("lxc", "node005", "")]
    [InlineData("qemu", "node005", "1")]
    public async Task Case_38_what_can_never_be_the_host_is_not_adopted_either(string kind, string node, string template)
    {
        var seed = Ocean with { Kind = kind, Node = node, Config = template.Length > 0 ? Ocean.Config.Add("template", template) : Ocean.Config };
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Guests = [.. Cluster.Options.Guests, seed] });

        await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(Host, Cancel, Adopt));

        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public void The_mark_of_another_host_is_replaced_by_adoption_alone()
    {
        var renamed = Converged.With("description", "Rack 3\nrunnerbuild: old-name");

        VirtualMachinePlan.Diff(Wanted, renamed).Single().Refusal.ShouldNotBeNull().ShouldContain("the fleet's host old-name");
        var change = VirtualMachinePlan.Diff(Wanted, renamed, Adopt).ShouldHaveSingleItem();
        (change.From, change.To).ShouldBe(("old-name", "runnerbuild: gh-runner-01"));
        ((ConfigureVm)change.Steps[0]).Values["description"].ShouldBe("Rack 3\nrunnerbuild: gh-runner-01");
    }

    [Fact]
    public async Task Case_38_a_template_is_known_by_its_configuration_while_the_list_is_still_behind()
    {
        var template = new GuestSeed(250, "node005", "qemu", Samples.Config.Remove("digest").SetItem("template", "1").ToImmutableDictionary());
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Guests = [.. Cluster.Options.Guests, template] });
        cluster.Wire.Instead = request => request.Path.Contains("/cluster/resources", StringComparison.Ordinal)
            ? ClientTests.Answer(200, "OK", """{"data":[{"type":"qemu","vmid":250,"node":"node005","status":"unknown"}]}""")
            : null;

        (await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(Host, Cancel))).Message.ShouldContain("template `gh-runner-01`");

        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public void Another_machine_behind_the_address_is_told_by_its_uuid()
    {
        const string Uuid = "5C1D7B1E-6A52-4D5E-9A0B-3F0F4C8E0250";
        var config = Samples.Config.SetItem("smbios1", $"uuid={Uuid.ToLowerInvariant()}");
        var facts = Hosts.Samples.BareMachine with { Uuid = Uuid, Virtualization = "kvm" };

        MachineIdentity.Diff(Wanted, config, facts).ShouldBeNull();
        MachineIdentity.Diff(Wanted, Samples.Config, facts).ShouldBeNull();
        var other = MachineIdentity.Diff(Wanted, config, facts with { Uuid = "11111111-2222-3333-4444-555555555555" }).ShouldNotBeNull();
        other.Sign.ShouldBe('!');
        other.Refusal.ShouldNotBeNull().ShouldContain("its DMI says 11111111-2222-3333-4444-555555555555, Proxmox says 5c1d7b1e");
        MachineIdentity.Diff(Wanted, config, facts with { Uuid = "", Virtualization = "lxc" }).ShouldNotBeNull().From.ShouldBe("no UUID (lxc)");
    }
}
