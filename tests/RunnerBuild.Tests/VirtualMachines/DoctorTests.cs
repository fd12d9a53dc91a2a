using System.Collections.Immutable;
using Lab.Proxmox;
using RunnerBuild.Config;
using RunnerBuild.Diagnosing;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Doctor against the double: each thing that can be wrong is found, with its remedy, and nothing is written.</summary>
public sealed class DoctorTests
{
    // Without an address nothing has to be waited for that may answer there.
    private static readonly VmSpec Quiet = Spec with { Ip = null, Gateway = null };

    private static readonly Host Pooled = HostOf(Quiet with { Pool = "gh-runners" });

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("9.1")]
    [InlineData("8.4")]
    [InlineData("7.4")]
    public async Task A_cluster_with_just_the_rights_that_the_readme_grants_is_healthy_before_and_after(string version)
    {
        await using var cluster = await Cluster.StartAsync(Rights(version));

        (await ExamineAsync(cluster, Pooled)).ShouldAllBe(finding => finding.Health == Health.Good);
        await cluster.RunAsync(Pooled, Cancel);
        cluster.Wire.Forget();
        var after = await ExamineAsync(cluster, Pooled);

        after.ShouldAllBe(finding => finding.Health == Health.Good);
        after.ShouldContain(Finding.Good("gh-runner-01", "VMID", "250 is gh-runner-01's"));
        after.ShouldContain(finding => finding.Subject == "release" && finding.Seen == $"Proxmox VE {version}");
        cluster.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("9.1", "VM.GuestAgent.Audit")]
    [InlineData("8.4", "VM.Monitor")]
    [InlineData("7.4", "VM.Monitor")]
    public async Task Case_48_missing_rights_come_with_the_lines_for_this_release_on_the_pool(string version, string agent)
    {
        await using var cluster = await Cluster.StartAsync(Rights(version) with { Acl = [] });

        var rights = (await ExamineAsync(cluster, Pooled)).Where(finding => finding.Subject.StartsWith("rights at", StringComparison.Ordinal)).ToList();

        rights.ShouldAllBe(finding => finding.Health == Health.Bad && !finding.Fix!.Contains('\n', StringComparison.Ordinal));
        var pool = rights.Single(finding => finding.Subject == "rights at /pool/gh-runners").Fix.ShouldNotBeNull();
        pool.ShouldContain($"{agent}");
        pool.ShouldContain("pveum role add RunnerBuild --privs \"VM.Audit VM.Allocate");
        pool.ShouldContain("pveum acl modify /pool/gh-runners --tokens 'root@pam!runnerbuild' --roles RunnerBuild");
        rights.Select(finding => finding.Subject).ShouldContain("rights at /vms/9999");
        rights.Any(finding => finding.Subject.Contains("/sdn/", StringComparison.Ordinal)).ShouldBe(version != "7.4");
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Each_thing_that_is_wrong_is_found_with_its_remedy()
    {
        var spoilt = GuestSeed.DebianTemplate(9000, "node005");
        await using var cluster = await Cluster.StartAsync(Rights("9.1") with
        {
            Tokens = [new("root@pam!runnerbuild", Wire.TokenSecret)],
            OfflineNodes = ["node006"],
            Guests =
            [
                GuestSeed.DebianTemplate(9999, "node005"), new(250, "node005", "qemu", ImmutableDictionary<string, string>.Empty.Add("name", "ocean")),
                spoilt with { Config = spoilt.Config.Remove("template").Remove("ide2").Remove("agent") },
            ],
        });

        await ShouldFindAsync(cluster, Quiet, "VMID", "250 is somebody else's", "virtual machine `ocean`");
        await ShouldFindAsync(cluster, Quiet with { Node = "node006" }, "node", "node006 is offline", "Start node006");
        await ShouldFindAsync(cluster, Quiet with { Node = "nodo" }, "node", "the cluster has no nodo", "Correct `node`");
        await ShouldFindAsync(cluster, Quiet with { VmId = 251, Template = 9000 }, "template", "9000 (debian-13-template) is no template", "qm template 9000");
        await ShouldFindAsync(cluster, Quiet with { VmId = 251, Template = 9000 }, "template's cloud-init drive", "missing", "qm set 9000 --ide2");
        await ShouldFindAsync(cluster, Quiet with { VmId = 251, Template = 9001 }, "template", "no virtual machine 9001 is seen", "CreateTemplate");
        await ShouldFindAsync(cluster, Quiet with { VmId = 251, DiskName = "virtio0" }, "template's disk", "there is no virtio0", "diskName");
        await ShouldFindAsync(cluster, Quiet with { VmId = 251, Storage = "fast" }, "storage", "node005 has no storage fast", "Correct `storage`");
        await ShouldFindAsync(cluster, Quiet with { VmId = 251, Storage = "local" }, "storage", "local does not hold disk images", "pvesm set local --content");
        await ShouldFindAsync(cluster, Quiet with { VmId = 251, DiskGiB = 5000 }, "storage", "local-lvm has 759 GiB free", "Free space on local-lvm");
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_a_pool_it_says_what_becomes_of_the_rights_at_a_number()
    {
        await using var cluster = await Cluster.StartAsync(Rights("9.1") with { Acl = [] });

        (await ExamineAsync(cluster, HostOf(Quiet))).ShouldContain(finding => finding.Subject == "pool" && finding.Health == Health.Notable);
    }

    [Fact]
    public async Task What_cannot_be_asked_is_one_finding_and_does_not_hide_the_others()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Tokens = [new("root@pam!runnerbuild", "another")] });

        var findings = await Examination.AllAsync(
            [new("proxmox", cancel => ExamineAsync(cluster, HostOf(Quiet))), new("github", _ => Task.FromResult<IReadOnlyList<Finding>>([Finding.Good("github", "token", "fine")]))], Cancel);

        findings.Select(finding => (finding.Where, finding.Health)).ShouldBe([("proxmox", Health.Bad), ("github", Health.Good)]);
        findings[0].Fix.ShouldNotBeNull().ShouldContain("pveum user token list root@pam");
        Should.Throw<RunnerBuildException>(() => Doctor.RequireHealthy(findings)).What.ShouldBe("1 of 2 findings are bad.");
    }

    [Fact]
    public async Task An_address_that_somebody_has_already_is_found()
    {
        await using var cluster = await Cluster.StartAsync();

        await ShouldFindAsync(cluster, Spec with { Ip = new(System.Net.IPAddress.Loopback, 8), Gateway = null }, "address", "something answers at 127.0.0.1 already", "give gh-runner-01 another `ip`");
    }

    private static async Task ShouldFindAsync(Cluster cluster, VmSpec spec, string subject, string seen, string fix)
    {
        var finding = (await ExamineAsync(cluster, HostOf(spec))).SingleOrDefault(finding => finding.Subject == subject).ShouldNotBeNull($"{subject} for {spec}");
        finding.Health.ShouldBe(Health.Bad);
        finding.Seen.ShouldContain(seen);
        finding.Fix.ShouldNotBeNull().ShouldContain(fix);
    }

    private static Task<IReadOnlyList<Finding>> ExamineAsync(Cluster cluster, params Host[] hosts) =>
        new ProxmoxExamination(cluster.Client, new Facts.VirtualMachineObservation(cluster.Client), cluster.Wire.Endpoint(), hosts).RunAsync("proxmox", Cancel);

    private static ProxmoxOptions Rights(string version) => FaultTests.Pooled with
    {
        Version = version,
        Roles = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("RunnerBuild",
        [
            "VM.Audit", "VM.Allocate", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Disk", "VM.Config.Network", "VM.Config.Cloudinit", "VM.Config.Options", "VM.PowerMgmt",
            "VM.Snapshot", "VM.Snapshot.Rollback", "Datastore.AllocateSpace", "Datastore.Audit", "SDN.Use", .. version == "9.1" ? ["VM.GuestAgent.Audit", "VM.GuestAgent.FileRead"] : new[] { "VM.Monitor" },
        ]),
    };
}
