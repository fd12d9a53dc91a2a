using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

public sealed class CreationPlanTests
{
    [Fact]
    public void An_absent_machine_is_cloned_configured_resized_and_started()
    {
        var changes = VirtualMachinePlan.Diff(Wanted, Absent);

        changes.ShouldAllBe(change => change.Sign == '+');
        VirtualMachinePlan.Steps(changes).Select(step => $"{step}").ShouldBe(
        [
            "clone of template 9999 to VM 250 on node005",
            "setting of ciupgrade, ciuser, cores, ipconfig0, memory, nameserver, onboot, searchdomain, sshkeys, tags of VM 250 on node005",
            "resize of scsi0 of VM 250 on node005 to 40G",
            "start of VM 250 on node005",
        ]);
        var clone = changes[0].Steps.Single().ShouldBeOfType<CloneVm>();
        clone.Description.ShouldContain("runnerbuild: gh-runner-01");
        clone.Name.ShouldBe("gh-runner-01");
    }

    [Fact]
    public void A_clone_under_way_is_awaited_before_anything_else() =>
        VirtualMachinePlan.Steps(VirtualMachinePlan.Diff(Wanted, new VirtualMachineFacts.Cloning("UPID:x"))).Single().ShouldBe(new AwaitClone(Wanted.Id, "UPID:x"));

    [Fact]
    public void What_would_stop_a_creation_half_way_is_refused_before_it_starts()
    {
        Refusal(Wanted, Absent with { Template = null }).ShouldContain("no template 9999; the token sees 9999 (debian-13 on node005)");
        Refusal(Wanted, Absent with { Template = Absent.Template! with { Guest = Absent.Template.Guest with { IsTemplate = false } } }).ShouldContain("9999 is no template");
        Refusal(With(Spec with { Node = "node006" }), Absent).ShouldContain("node006 is offline");
        Refusal(With(Spec with { Node = "nodo005" }), Absent).ShouldContain("no node nodo005; it has node005, node006 (offline)");
        Refusal(With(Spec with { DiskGiB = 2 }), Absent).ShouldContain("cannot shrink");
        Refusal(With(Spec with { FullClone = false, Storage = "fast" }), Absent).ShouldContain("linked clone");
    }

    private static VirtualMachine With(RunnerBuild.Config.VmSpec spec) => VirtualMachine.Of(HostOf(spec));

    private static string Refusal(VirtualMachine want, VirtualMachineFacts have)
    {
        var change = VirtualMachinePlan.Diff(want, have).ShouldHaveSingleItem();
        change.Steps.ShouldBeEmpty();
        return change.Refusal.ShouldNotBeNull();
    }
}
