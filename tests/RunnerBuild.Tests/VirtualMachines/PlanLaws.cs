using System.Collections.Immutable;
using System.Net;
using CsCheck;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A model of Proxmox applies the steps; whatever was wanted and whatever was there, nothing is left to do.</summary>
public sealed class PlanLaws
{
    private static readonly Gen<IPAddress> Address = Gen.Byte[1, 254].Select(last => IPAddress.Parse($"10.0.0.{last}"));

    private static readonly Gen<string> Word = Gen.String[Gen.Char["abcdxyz019"], 1, 6];

    private static readonly Gen<VmSpec> Wanted =
        from numbers in Gen.Select(Gen.Int[1, 64], Gen.Int[512, 99999], Gen.Int[10, 99])
        from ip in Gen.Null(Address)
        from gateway in Gen.Null(Address)
        from servers in Address.Array[0, 3]
        from keys in Gen.String[Gen.Char["aB +/=@:;&%ü"], 0, 12].Array[0, 3]
        from tags in Word.Array[0, 4]
        from rest in Gen.Select(Gen.Bool, Gen.Null(Word), Gen.OneOf("vmbr0", "vmbr1"))
        from more in Gen.Select(
            Gen.Int[1, 4], Gen.OneOf<string?>(null, "host", "x86-64-v3,flags=+aes"), Gen.OneOf<int?>(null, 0, 512), Gen.OneOf<int?>(null, 0, 7), Gen.OneOf<bool?>(null, false, true))
        select Samples.Spec with
        {
            Cores = numbers.Item1, MemoryMiB = numbers.Item2, DiskGiB = numbers.Item3, Ip = ip is null ? null : new(ip, 24), Gateway = gateway,
            Nameservers = [.. servers], SshKeys = [.. keys.Select(comment => $"ssh-ed25519 AAAA {comment}")], Tags = [.. tags],
            OnBoot = rest.Item1, SearchDomain = rest.Item2, Bridge = rest.Item3, Sockets = more.Item1, Cpu = more.Item2, BalloonMiB = more.Item3, Vlan = more.Item4, Protection = more.Item5,
        };

    private static readonly Gen<VirtualMachineFacts.Present> There =
        from values in Gen.Select(
            Gen.OneOf("1", "16", "64"), Gen.OneOf("512", "current=4096", "65536"), Gen.OneOf("", "ci", "a;B,c runnerbuild"),
            Gen.OneOf("", "0", "1", "enabled=0,type=isa"), Gen.OneOf("ip=dhcp", "ip=10.0.0.9/24,gw=10.0.0.1,ip6=auto", "gw=10.0.0.1"),
            Gen.OneOf("virtio=BC:24:11:00:00:01,bridge=vmbr0,queues=4", "virtio=BC:24:11:00:00:01", "e1000=BC:24:11:00:00:01,tag=3,bridge=vmbr1"))
        from more in Gen.Select(Gen.OneOf("2252M", "3G", "10G"), Gen.Bool, Gen.OneOf(7, 8, 9), Gen.OneOf("", "Rack\nüber\n"))
        select new VirtualMachineFacts.Present(
            new(more.Item3, 0),
            Present(("cores", values.Item1), ("memory", values.Item2), ("tags", values.Item3), ("agent", values.Item4), ("ipconfig0", values.Item5),
                ("net0", values.Item6), ("scsi0", $"local-lvm:vm-250-disk-0,size={more.Item1}"), ("balloon", "256"),
                ("description", $"{more.Item4}runnerbuild: gh-runner-01")),
            "d1", more.Item2, null, []);

    [Fact]
    public void Applying_a_plan_leaves_nothing_to_plan() => Gen.Select(Wanted, There, Gen.Bool).Sample((spec, there, restart) =>
    {
        var want = VirtualMachine.Of(Samples.HostOf(spec));

        var after = VirtualMachinePlan.Steps(VirtualMachinePlan.Diff(want, there, new(Restart: restart))).Aggregate(there, Apply);

        VirtualMachinePlan.Diff(want, after).ShouldBeEmpty();
        after.Config["net0"].ShouldContain("BC:24:11:00:00:01");
        if (spec.BalloonMiB is null)
            after.Config["balloon"].ShouldBe("256");
    });

    [Fact]
    public void A_plan_writes_the_configuration_at_most_once() => Gen.Select(Wanted, There).Sample((spec, there) =>
        VirtualMachinePlan.Steps(VirtualMachinePlan.Diff(VirtualMachine.Of(Samples.HostOf(spec)), there)).OfType<ConfigureVm>().Count() <= 1);

    [Fact]
    public void A_property_string_keeps_what_it_does_not_know() => Gen.Select(Word, Word, Word).Sample((key, value, set) =>
    {
        var changed = PropertyString.Parse($"virtio=AA,{key}x={value},last=1", "model").With("bridge", set);
        changed.ToString().ShouldBe($"virtio=AA,{key}x={value},last=1,bridge={set}");
        changed.With("bridge", null).ToString().ShouldBe($"virtio=AA,{key}x={value},last=1");
    });

    private static VirtualMachineFacts.Present Apply(VirtualMachineFacts.Present have, VirtualMachineStep step) => step switch
    {
        ConfigureVm configure => have with { Config = have.Config.SetItems(configure.Values) },
        ResizeDisk resize => have with { Config = have.Config.SetItem(resize.Disk, $"local-lvm:vm-250-disk-0,size={resize.GiB}G") },
        StartVm => have with { Running = true },
        RestartVm => have with { Pending = [], BehindOnDrive = [] },
        _ => throw new InvalidOperationException($"{step} is not expected of a machine that is there."),
    };

    private static ImmutableSortedDictionary<string, string> Present(params (string Key, string Value)[] pairs) =>
        pairs.Where(pair => pair.Value.Length > 0).ToImmutableSortedDictionary(pair => pair.Key, pair => pair.Value, StringComparer.Ordinal);
}
