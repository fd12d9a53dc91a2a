using System.Collections.Immutable;
using Lab.Proxmox.Faults;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>From a machine to none, without GitHub and without SSH: what is done to Proxmox.</summary>
public sealed class RemovalTests
{
    private static readonly Dictionary<GitHubScope, ImmutableArray<string>> Nobody = [];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Case_35_a_machine_is_shut_down_and_removed_and_the_next_run_has_nothing_to_do()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Samples.Host, Cancel);
        cluster.Wire.Forget();

        await RunAsync(cluster, Samples.Host, Cancel);

        cluster.Writes.Select(write => $"{write.Method} {write.Path["/api2/json/nodes/node005/qemu/250".Length..]} {write.Body}").ShouldBe(
        [
            "POST /status/shutdown timeout=180&forceStop=1", "DELETE ?purge=1&destroy-unreferenced-disks=0 ",
        ]);
        (await cluster.GuestsAsync(Cancel)).ShouldBe(1);
        cluster.Wire.Forget();
        await RunAsync(cluster, Samples.Host, Cancel);
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Cases_30_and_35_a_stopped_machine_is_removed_at_once()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Samples.Host, Cancel);
        await cluster.WriteAsync(ProxmoxCall.Post("/nodes/node005/qemu/250/status/stop", [], "stop"), Cancel);
        await cluster.WriteAsync(ProxmoxCall.Post("/nodes/node005/qemu/250/status/stop", [], "stop what is stopped"), Cancel);
        (await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteAsync(ProxmoxCall.Post("/nodes/node005/qemu/250/status/reboot", [], "reboot"), Cancel)))
            .Fault.ShouldBe(ProxmoxFault.NotRunning);
        cluster.Wire.Forget();

        await RunAsync(cluster, Samples.Host, Cancel);

        cluster.Writes.ShouldHaveSingleItem().Method.ShouldBe("DELETE");
    }

    [Fact]
    public async Task Case_35_running_and_protected_machines_are_refused_by_proxmox_and_by_the_plan()
    {
        await using var cluster = await Cluster.StartAsync();
        var guarded = HostOf(Spec with { Protection = true });
        await cluster.RunAsync(guarded, Cancel);
        var delete = VirtualMachineCall(new DeleteVm(Wanted.Id));
        (await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteAsync(delete, Cancel))).Fault.ShouldBe(ProxmoxFault.Protected);
        cluster.Wire.Forget();

        VirtualMachineRemoval.Diff(Wanted, await cluster.Vms.ObserveAsync(Samples.Host, Cancel), Nobody).ShouldHaveSingleItem().Refusal.ShouldNotBeNull().ShouldContain("protection: false");

        await cluster.RunAsync(HostOf(Spec with { Protection = false }), Cancel);
        (await Should.ThrowAsync<ProxmoxException>(() => cluster.WriteAsync(delete, Cancel))).Fault.ShouldBe(ProxmoxFault.StillRunning);
    }

    [Fact]
    public async Task Case_35_rights_on_a_pool_outlive_the_machine_and_it_can_be_made_again()
    {
        await using var cluster = await Cluster.StartAsync(FaultTests.Pooled);
        var host = HostOf(Spec with { Pool = "gh-runners" });

        foreach (var _ in new[] { "first", "again" })
        {
            await cluster.RunAsync(host, Cancel);
            (await cluster.RunAsync(host, Cancel)).ShouldBeEmpty();
            await RunAsync(cluster, host, Cancel);
            (await cluster.Vms.ObserveAsync(host, Cancel)).ShouldBeOfType<VirtualMachineFacts.Absent>();
        }
    }

    [Fact]
    public void Only_a_machine_with_the_hosts_mark_goes_and_what_serves_goes_first()
    {
        var scope = new GitHubScope(ScopeKind.Organization, "acme", new("https://github.com"), new GitHubCredential.Token(new SecretReference.FromEnvironment("T")));
        var registered = new Dictionary<GitHubScope, ImmutableArray<string>> { [scope] = ["gh-runner-01-1-abcdefghijkl"] };

        VirtualMachineRemoval.Diff(Wanted, Converged, registered).SelectMany(change => change.Steps).Select(step => $"{step}").ShouldBe(
        [
            "stop the runners of gh-runner-01, and wait until running jobs have ended", "delete what is registered in orgs/acme", "shutdown of VM 250 on node005", "removal of VM 250 on node005",
        ]);
        VirtualMachineRemoval.Diff(Wanted, Absent, registered).ShouldHaveSingleItem().Resource.ShouldBe("registrations/orgs/acme");
        VirtualMachineRemoval.Diff(Wanted, Absent, Nobody).ShouldBeEmpty();
        VirtualMachineRemoval.Diff(Wanted, Converged.With("description", "somebody's").With("tags", null), registered).ShouldHaveSingleItem().Steps.ShouldBeEmpty();
        VirtualMachineRemoval.Diff(Wanted, new VirtualMachineFacts.Occupied(new(250, "qemu", "node006", "gh-runner-01", "", false, null)), registered).ShouldHaveSingleItem().Steps.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_37_a_removal_whose_answers_are_lost_is_looked_up()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Samples.Host, Cancel);
        cluster.Wire.Forget();
        cluster.Faults.Add(new(FaultKind.LostAnswer, "/status/shutdown"));
        cluster.Faults.Add(new(FaultKind.LostAnswer, "DELETE"));

        await RunAsync(cluster, Samples.Host, Cancel);

        cluster.Writes.Count.ShouldBe(2);
        (await cluster.GuestsAsync(Cancel)).ShouldBe(1);
    }

    /// <summary>As the target would, but for runners.</summary>
    internal static async Task RunAsync(Cluster cluster, Host host, CancellationToken cancel)
    {
        for (var round = 0; round < 2; round++)
        {
            foreach (var step in VirtualMachineRemoval.Diff(VirtualMachine.Of(host), await cluster.Vms.ObserveAsync(host, cancel), Nobody).SelectMany(change => change.Steps).OfType<VirtualMachineStep>())
                await cluster.Vms.RunOrLookUpAsync(step, cluster.Told, cancel);
        }
    }

    private static ProxmoxCall VirtualMachineCall(VirtualMachineStep step) => Applying.VirtualMachineCall.Of(step).Call;
}
