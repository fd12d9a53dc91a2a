using System.Net;
using System.Security.Cryptography;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Proxmox;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Stages;
using RunnerBuild.Terminal;
using RunnerBuild.Tests.Config;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>What a running machine takes over only at a restart, and the restart itself.</summary>
public sealed class RestartTests
{
    private static readonly Consent Restart = new(Restart: true);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Cases_28_and_31_with_consent_the_machine_restarts_once_and_nothing_is_pending()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var more = HostOf(Spec with { MemoryMiB = 70000, Cores = 3 });
        cluster.Wire.Forget();

        var changes = await cluster.RunAsync(more, Cancel, Restart);

        changes.Select(change => change.Field).ShouldBe(["cores", "memory", "restart"], ignoreOrder: true);
        cluster.Writes.Select(write => write.Path["/api2/json/nodes/node005/qemu/250".Length..]).ShouldBe(["/config", "/status/reboot"]);
        cluster.Machines.Starts.Count.ShouldBe(2);
        cluster.Machines.Starts.Last().MemoryMiB.ShouldBe(70000);
        cluster.Wire.Forget();
        (await cluster.RunAsync(more, Cancel, Restart)).ShouldBeEmpty();
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_28_what_an_earlier_run_left_pending_is_restarted_for_without_another_write()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var more = HostOf(Spec with { Cores = 3 });
        await cluster.RunAsync(more, Cancel);
        cluster.Wire.Forget();

        (await cluster.RunAsync(more, Cancel, Restart)).ShouldHaveSingleItem().To.ShouldBe("cores in force");

        cluster.Writes.ShouldHaveSingleItem().Path.ShouldEndWith("/status/reboot");
    }

    [Fact]
    public async Task What_is_on_no_cloud_init_drive_yet_is_said_and_needs_a_restart_of_a_new_instance()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var other = HostOf(Spec with { SearchDomain = "lab.example" });
        await cluster.RunAsync(other, Cancel);

        var facts = await cluster.Vms.ObserveAsync(other, Cancel);
        VirtualMachinePlan.Notes(RunnerBuild.Desired.VirtualMachine.Of(other), facts).ShouldBe(["searchdomain: the guest has the earlier one until a restart (--allow-restart)."]);
        VirtualMachinePlan.Diff(RunnerBuild.Desired.VirtualMachine.Of(other), facts, Restart).Single().Steps.Single().ShouldBe(new RestartVm(Wanted.Id, NewInstance: true));

        await cluster.RunAsync(other, Cancel, Restart);
        VirtualMachinePlan.Notes(RunnerBuild.Desired.VirtualMachine.Of(other), await cluster.Vms.ObserveAsync(other, Cancel)).ShouldBeEmpty();
    }

    [Fact]
    public void Without_consent_or_on_a_stopped_machine_nothing_restarts()
    {
        var pending = Converged with { Pending = [new("memory", "4096", "65536")] };
        VirtualMachinePlan.Diff(Wanted, pending).ShouldBeEmpty();
        VirtualMachinePlan.Diff(Wanted, pending with { Running = false }, Restart).ShouldHaveSingleItem().Field.ShouldBe("state");
        VirtualMachinePlan.Diff(Wanted, Converged with { Pending = [new("tablet", "1", "0")], BehindOnDrive = ["cipassword"] }, Restart).ShouldBeEmpty();
        VirtualMachinePlan.Diff(Wanted, Converged.With("onboot", "0"), Restart).ShouldHaveSingleItem().Field.ShouldBe("onboot");
    }

    [Theory]
    [InlineData("ip=192.168.1.9/24,gw=192.168.1.1", null, "192.168.1.9")]
    [InlineData("ip=192.168.1.9/24,gw=192.168.1.1", "192.168.1.8", "192.168.1.8")]
    [InlineData("ip=dhcp", null, null)]
    [InlineData("ip=dhcp", "192.168.1.7", "192.168.1.7")]
    [InlineData("ip=192.168.1.250/24,gw=192.168.1.1", "192.168.1.9", "192.168.1.9")]
    public void A_machine_that_moves_is_reached_where_it_still_is(string have, string? seen, string? address)
    {
        var facts = Converged.With("ipconfig0", have) with { Addresses = seen is null ? [] : [IPAddress.Parse(seen)] };
        var restart = VirtualMachinePlan.Diff(Wanted, facts, Restart).SelectMany(change => change.Steps).OfType<RestartVm>().Single();
        restart.ShouldBe(new RestartVm(Wanted.Id, NewInstance: true, address));
    }

    [Fact]
    public async Task An_address_that_the_guest_does_not_have_yet_needs_a_restart_whichever_run_wrote_it()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var moved = HostOf(Spec with { Ip = new(IPAddress.Parse("192.168.1.9"), 24) });
        await cluster.RunAsync(moved, Cancel);
        cluster.Wire.Forget();

        var facts = await cluster.Vms.ObserveAsync(moved, Cancel);
        VirtualMachinePlan.Notes(RunnerBuild.Desired.VirtualMachine.Of(moved), facts).ShouldBe(["ipconfig0: the guest is at 192.168.1.250 until a restart (--allow-restart)."]);
        (await cluster.RunAsync(moved, Cancel, Restart)).ShouldHaveSingleItem().To.ShouldBe("ipconfig0 in force");

        cluster.Writes.ShouldHaveSingleItem().Path.ShouldEndWith("/status/reboot");
        (await cluster.RunAsync(moved, Cancel, Restart)).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_guest_whose_agent_tells_no_address_is_not_taken_for_one_that_has_another()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var moved = HostOf(Spec with { Ip = new(IPAddress.Parse("192.168.1.9"), 24) });
        await cluster.RunAsync(moved, Cancel);
        cluster.Machines.AgentAnswers = false;

        (await cluster.RunAsync(moved, Cancel, Restart)).ShouldBeEmpty();
    }

    [Fact]
    public async Task Whether_this_run_is_a_job_of_the_machine_is_asked_where_it_still_is()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(HostOf(Spec with { Ip = new(IPAddress.Parse("127.0.0.1"), 24) }), Cancel);
        using var key = RSA.Create(2048);
        using var folder = new FleetFolder();
        var moved = HostOf(Spec) with { Ssh = new("192.168.1.250", 1, "runner-admin", folder.Write("id", key.ExportRSAPrivateKeyPem()), null, [$"SHA256:{new string('A', 43)}"]) };
        var fleet = Fleets.Read(Fleets.Smallest) with { Proxmox = cluster.Wire.Endpoint() };
        var secrets = new SecretStore(new Dictionary<string, string> { ["PROXMOX_TOKEN"] = Wire.TokenSecret });
        var pins = new HostKeyPins(Path.Combine(folder.Path, "known_hosts"));
        using var clusters = new Applying.Clusters(fleet, secrets);
        var stage = new VirtualMachineStage(fleet, clusters, pins, new RunOptions("", [], false, null) { AllowRestart = true }, new Report(TextWriter.Null, false, false));
        await using var session = new HostSession(moved, pins, secrets, null);

        (await Should.ThrowAsync<HostUnreachableException>(stage.PlanAsync(session, Cancel))).What.ShouldStartWith("127.0.0.1 does not answer SSH");
    }

    [Fact(Timeout = 60_000)]
    public async Task Without_consent_a_machine_that_moves_is_not_waited_for_and_the_next_run_says_the_same()
    {
        var cancel = TestContext.Current.CancellationToken;
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, cancel);
        var moved = HostOf(Spec with { Ip = new(IPAddress.Parse("127.0.0.1"), 24) }, sshPort: 1);
        var fleet = Fleets.Read(Fleets.Smallest) with { Proxmox = cluster.Wire.Endpoint() };
        var secrets = new SecretStore(new Dictionary<string, string> { ["PROXMOX_TOKEN"] = Wire.TokenSecret });
        var pins = new HostKeyPins(Path.Combine(Path.GetTempPath(), Path.GetRandomFileName()));
        using var clusters = new Applying.Clusters(fleet, secrets);
        var stage = new VirtualMachineStage(fleet, clusters, pins, new RunOptions("", [], false, null), new Report(TextWriter.Null, false, false));
        await using var session = new HostSession(moved, pins, secrets, null);
        cluster.Wire.Forget();

        foreach (var written in (string[])["ipconfig0", "host key"])
        {
            var changes = await stage.PlanAsync(session, cancel);
            changes.ShouldHaveSingleItem().Field.ShouldBe(written);
            var told = await Should.ThrowAsync<RunnerBuildException>(stage.ApplyAsync(session, changes, cancel));
            told.What.ShouldBe("gh-runner-01 is still at 192.168.1.250: its new address 127.0.0.1/24 waits for a restart.");
            told.Fix.ShouldContain("CreateVm --allow-restart --limit gh-runner-01");
        }

        cluster.ConfigWrites.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Case_29_a_machine_that_somebody_started_meanwhile_is_no_failure()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        await cluster.WriteAsync(ProxmoxCall.Post("/nodes/node005/qemu/250/status/stop", [], "stop"), Cancel);
        var changes = VirtualMachinePlan.Diff(Wanted, await cluster.Vms.ObserveAsync(Host, Cancel));
        await cluster.WriteAsync(ProxmoxCall.Post("/nodes/node005/qemu/250/status/start", [], "start"), Cancel);

        await cluster.Vms.ApplyAsync(Host, changes, Consent.None, cluster.Told, Cancel);

        cluster.Told.Lines.ShouldContain(line => line.Contains("VM 250 already running", StringComparison.Ordinal));
        cluster.Wire.Forget();
        (await cluster.RunAsync(Host, Cancel)).ShouldBeEmpty();
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_30_a_machine_that_stopped_before_its_restart_is_started_instead()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var more = HostOf(Spec with { Cores = 3 });
        await cluster.RunAsync(more, Cancel);
        var changes = VirtualMachinePlan.Diff(RunnerBuild.Desired.VirtualMachine.Of(more), await cluster.Vms.ObserveAsync(more, Cancel), Restart);
        await cluster.WriteAsync(ProxmoxCall.Post("/nodes/node005/qemu/250/status/stop", [], "stop"), Cancel);

        await cluster.Vms.ApplyAsync(more, changes, Restart, cluster.Told, Cancel);

        ((VirtualMachineFacts.Present)await cluster.Vms.ObserveAsync(more, Cancel)).Running.ShouldBeTrue();
        (await cluster.RunAsync(more, Cancel, Restart)).ShouldBeEmpty();
    }
}
