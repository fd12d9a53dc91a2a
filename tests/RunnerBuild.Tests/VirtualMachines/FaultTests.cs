using System.Collections.Immutable;
using Lab.Proxmox;
using Microsoft.AspNetCore.Http;
using RunnerBuild.Remote.Proxmox;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Refusals of Proxmox in the middle of a run: missing rights, locks, lock timeouts.</summary>
public sealed class FaultTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_token_without_rights_is_told_what_it_lacks_before_any_write()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Tokens = [new("root@pam!runnerbuild", Wire.TokenSecret, PrivilegeSeparation: true)] });

        var refused = await Should.ThrowAsync<ProxmoxException>(() => cluster.RunAsync(Host, Cancel));

        refused.Why.ShouldContain("/vms/9999, VM.Audit");
        refused.Fix.ShouldContain("pveum acl modify /vms/9999 --tokens 'root@pam!runnerbuild'");
        refused.ToString().ShouldNotContain(Wire.TokenSecret);
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_wrong_secret_is_told_after_a_single_request()
    {
        await using var cluster = await Cluster.StartAsync(Cluster.Options with { Tokens = [new("root@pam!runnerbuild", "another")] });

        var refused = await Should.ThrowAsync<ProxmoxException>(() => cluster.RunAsync(Host, Cancel));

        refused.Fault.ShouldBe(ProxmoxFault.Unauthorized);
        refused.ToString().ShouldNotContain(Wire.TokenSecret);
        cluster.Wire.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Case_47_rights_on_a_pool_are_enough_also_for_a_run_that_was_killed_while_cloning()
    {
        await using var cluster = await Cluster.StartAsync(Pooled);
        var host = HostOf(Spec with { Pool = "gh-runners" });
        using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        cluster.Wire.Loses = (_, request) =>
        {
            if (!request.IsWrite)
                return false;
            killed.Cancel();
            return true;
        };
        await Should.ThrowAsync<Exception>(() => cluster.RunAsync(host, killed.Token));
        cluster.Wire.Loses = (_, _) => false;

        await cluster.RunAsync(host, Cancel);

        (await cluster.RunAsync(host, Cancel)).ShouldBeEmpty();
        cluster.Wire.Requests.Count(request => request.Path.EndsWith("/clone", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task Case_05_a_guest_that_the_token_may_not_see_is_refused_without_a_write()
    {
        await using var cluster = await Cluster.StartAsync(Pooled with
        {
            Guests = [.. Pooled.Guests, new(250, "node006", "lxc", ImmutableDictionary<string, string>.Empty.Add("name", "secret"))],
        });

        var refused = await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(HostOf(Spec with { Pool = "gh-runners" }), Cancel));

        refused.Message.ShouldContain("a guest that the token may not see");
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_43_a_lock_is_waited_for()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var refusals = 0;
        cluster.Wire.Instead = request => request switch
        {
            { IsWrite: true, Path: var path } when path.EndsWith("/config", StringComparison.Ordinal) && refusals++ == 0 =>
                ClientTests.Answer(500, "VM is locked (backup)", """{"data":null}"""),
            { Path: var path } when path.EndsWith("/current", StringComparison.Ordinal) && refusals is > 0 and < 4 && refusals++ > 0 =>
                context => context.Response.WriteAsync("""{"data":{"status":"running","lock":"backup"}}"""),
            _ => null,
        };

        await cluster.RunAsync(HostOf(Spec with { Cores = 3 }), Cancel);

        (await cluster.ConfigAsync(Cancel))["cores"].ShouldBe("3");
        cluster.Told.Lines.ShouldContain("VM 250 on node005 is locked (backup); waiting");
    }

    [Fact]
    public async Task Case_43_a_lock_that_stays_is_named_and_left_alone()
    {
        await using var cluster = await Cluster.StartAsync(
            Cluster.Options with { Guests = [.. Cluster.Options.Guests, new(250, "node005", "qemu", Samples.Config.SetItem("lock", "backup").Remove("digest").ToImmutableDictionary())] },
            haste: 2000);

        var stuck = await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(HostOf(Spec with { Cores = 3 }), Cancel));

        stuck.What.ShouldContain("VM 250 on node005 is locked (backup)");
        (await cluster.ConfigAsync(Cancel))["lock"].ShouldBe("backup");
        cluster.Writes.ShouldAllBe(write => !write.Body.Contains("lock", StringComparison.Ordinal));
    }

    [Fact]
    public async Task A_clone_that_died_is_named_with_the_way_out()
    {
        await using var cluster = await Cluster.StartAsync(
            Cluster.Options with { Guests = [.. Cluster.Options.Guests, new(250, "node005", "qemu", ImmutableDictionary<string, string>.Empty.Add("lock", "clone"))] },
            haste: 400);

        var stuck = await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(Host, Cancel));

        stuck.Message.ShouldContain("locked (clone)");
        stuck.Fix.ShouldContain("qm destroy 250");
        cluster.Writes.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("/clone")]
    [InlineData("/config")]
    [InlineData("/resize")]
    [InlineData("/start")]
    public async Task A_lock_file_that_was_busy_is_tried_again_and_given_up_in_the_end(string call)
    {
        var refusals = 0;
        await using var cluster = await Cluster.StartAsync();
        cluster.Wire.Instead = request => request.IsWrite && request.Path.EndsWith(call, StringComparison.Ordinal) && refusals++ < 2
            ? ClientTests.Answer(500, "can't lock file '/var/lock/qemu-server/lock-250.conf' - got timeout", "")
            : null;
        await cluster.RunAsync(Host, Cancel);
        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();

        cluster.Wire.Instead = request => request.IsWrite ? ClientTests.Answer(500, "can't lock file 'x' - got timeout", "") : null;
        (await Should.ThrowAsync<ProxmoxException>(() => cluster.RunAsync(HostOf(Spec with { Cores = 3 }), Cancel))).Fault.ShouldBe(ProxmoxFault.Busy);
    }

    internal static ProxmoxOptions Pooled => Cluster.Options with
    {
        Tokens = [new("root@pam!runnerbuild", Wire.TokenSecret, PrivilegeSeparation: true)],
        Pools = ["gh-runners"],
        Roles = ImmutableDictionary<string, ImmutableArray<string>>.Empty.Add("RunnerBuild",
        [
            "VM.Audit", "VM.Allocate", "VM.Config.CPU", "VM.Config.Memory", "VM.Config.Disk", "VM.Config.Network", "VM.Config.Cloudinit", "VM.Config.Options",
            "VM.PowerMgmt", "VM.GuestAgent.Audit", "Datastore.AllocateSpace", "Datastore.Audit", "SDN.Use",
        ]),
        Acl =
        [
            new("/pool/gh-runners", "root@pam!runnerbuild", "RunnerBuild"), new("/vms/9999", "root@pam!runnerbuild", "PVETemplateUser"),
            new("/storage/local-lvm", "root@pam!runnerbuild", "RunnerBuild"), new("/sdn/zones/localnetwork", "root@pam!runnerbuild", "RunnerBuild"),
        ],
    };
}
