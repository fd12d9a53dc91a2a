using System.Net;
using Lab.Hosts;
using Lab.Proxmox;

namespace Lab.Tests.Hosts;

public class VmContainerTests
{
    private static readonly EngineFacts Hybrid = new(2, 8L << 30, 1);

    [Fact]
    public void A_machine_gets_its_name_and_address()
    {
        var text = Create(Spec, Hybrid);

        text.ShouldContain("--name lab-101 --hostname gh-runner-01");
        text.ShouldContain("--network lab --ip 198.18.77.11");
        text.ShouldEndWith(" image");
    }

    [Fact]
    public void A_machine_without_an_address_gets_one_from_the_engine() => Create(Spec with { Address = null }, Hybrid).ShouldNotContain("--ip");

    [Fact]
    public void Cgroups_are_the_machines_own_in_the_hybrid_layout_and_private_in_the_unified_one()
    {
        Create(Spec, Hybrid).ShouldContain("--cgroupns host --mount type=bind,source=/sys/fs/cgroup,target=/sys/fs/cgroup");

        var unified = Create(Spec, Hybrid with { CgroupVersion = 2 });
        unified.ShouldContain("--cgroupns private");
        unified.ShouldNotContain("/sys/fs/cgroup");
    }

    [Theory]
    [InlineData(2, 2048, "--cpus 2 --memory 2147483648")]
    [InlineData(64, 2048, "--cpus 2 ")]
    [InlineData(0.5, 1048576, "--cpus 0.5 --memory 7730941131")]
    public void Limits_never_exceed_what_the_machine_has(double cores, long memory, string limits) =>
        Create(Spec with { Cores = cores, MemoryMiB = memory }, Hybrid).ShouldContain(limits);

    [Fact]
    public void No_container_is_privileged() => Create(Spec, Hybrid).ShouldNotContain("--privileged");

    [Theory]
    [InlineData("2 25276510208 1", 1)]
    [InlineData("8 25276510208 2", 2)]
    [InlineData("8 25276510208 ", 1)]
    public void The_engines_facts_are_read(string answer, int cgroups) => EngineFacts.Read(answer).CgroupVersion.ShouldBe(cgroups);

    [Fact]
    public void An_answer_that_is_none_is_an_error() => Should.Throw<LabException>(() => EngineFacts.Read("")).Message.ShouldContain("docker info");

    private static MachineSpec Spec => new(
        101, "gh-runner-01", 2, 2048, "BC:24:11:00:00:01", new("", "", ""), IPAddress.Parse("198.18.77.11"), 24, IPAddress.Parse("198.18.77.1"));

    private static string Create(MachineSpec spec, EngineFacts engine)
    {
        var options = new LabOptions("lab", "/state", IPNetwork.Parse("198.18.77.0/24"), new());
        return string.Join(' ', new VmContainer(options, new(new("/state"), spec.VmId), spec.VmId).Create(spec, engine, "image"));
    }
}
