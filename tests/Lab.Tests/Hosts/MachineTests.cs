using System.Net;
using System.Net.Http.Json;
using Lab.Hosts;
using Lab.Proxmox;
using Lab.Tests.Setup;

namespace Lab.Tests.Hosts;

/// <summary>One machine's life in a real lab, in the order of the methods.</summary>
[TestMethodOrderer(typeof(InOrderOfName))]
public sealed class MachineTests(LabInstance lab) : IClassFixture<LabInstance>, IDisposable
{
    private const int VmId = 4711;
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);
    private readonly ContainerMachines _machines = lab.Machines;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A1_a_lab_that_is_up_has_nothing_to_say()
    {
        var result = await LabInstance.UpAsync();

        result.ExitCode.ShouldBe(0);
        result.Output.ShouldBeEmpty();
        LabRecord.Read(lab.Files.Record)!.Version.ShouldBe(LabRecord.CurrentVersion);
    }

    [Fact]
    public async Task A2_the_control_api_answers_on_loopback_only()
    {
        using var http = new HttpClient();
        (await http.GetFromJsonAsync<Health>(new Uri(lab.Options.ControlUrl, "health"), Cancel)).ShouldBe(new(LabRecord.CurrentVersion, lab.Options.State));

        using var spoofed = new HttpRequestMessage(HttpMethod.Get, new Uri(lab.Options.GitHubUrl, "github/runners"));
        spoofed.Headers.Host = $"127.0.0.1:{lab.Options.Ports.Control}";
        (await http.SendAsync(spoofed, Cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(new Uri($"http://{lab.Options.Gateway}:{lab.Options.Ports.Control}/health"), Cancel));
    }

    [Fact]
    public async Task A3_down_touches_no_lab_of_another_directory()
    {
        var elsewhere = Path.Combine(Path.GetTempPath(), $"no-lab-{Guid.NewGuid():n}");

        (await LabProgram.RunAsync(["down", "--state", elsewhere], Cancel)).Output.ShouldContain("nothing was touched");
        var refused = await LabProgram.RunAsync(["down", "--state", elsewhere, "--name", lab.Options.Name], Cancel);

        refused.ExitCode.ShouldBe(1);
        refused.Error.ShouldContain($"belongs to the state directory {lab.Options.State}");
        (await Docker.RunAsync(["network", "ls", "--quiet", "--filter", $"label={lab.Options.Label}"], Cancel)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task B1_a_machine_with_an_address_outside_of_the_subnet_is_refused()
    {
        var error = await Should.ThrowAsync<MachineException>(() => _machines.StartAsync(Spec() with { Address = IPAddress.Parse("192.168.1.5") }, Cancel));

        error.Message.ShouldContain("192.168.1.5");
        error.Message.ShouldContain("198.18.93.0/24");
    }

    [Fact]
    public async Task B2_a_machine_boots_by_its_seed_and_is_reached_by_name()
    {
        await _machines.StartAsync(Spec(), Cancel);
        await UntilBootedAsync();

        (await RunAsync("cat", "/var/lib/cloud/data/result.json")).Output.ShouldContain("\"errors\": []");
        await TrustAsync();
        (await SshAsync("id -un; hostname; sudo -n id -u")).ShouldBe("debian\nlab-test-vm\n0");
    }

    [Fact]
    public async Task B3_the_guest_agent_reports_the_card_with_its_address()
    {
        var card = (await _machines.InterfacesAsync(VmId, Cancel)).Single(link => link.Name == "eth0");

        card.HardwareAddress.ShouldBe("bc:24:11:5a:00:01");
        card.Addresses.ShouldContain(("198.18.93.11", 24));
    }

    [Fact]
    public async Task B4_a_command_of_the_guest_agent_gives_its_input_exit_code_and_streams()
    {
        var result = await _machines.ExecuteAsync(VmId, ["sh", "-c", "cat; echo no >&2; exit 7"], "given", Cancel);

        result.ShouldBe(new(7, "given", "no\n"));
    }

    [Fact]
    public async Task C1_an_engine_inside_pulls_from_the_registry_and_its_containers_reach_the_package_mirror()
    {
        var registry = lab.Options.Registry;
        await MustAsync(
            $"mkdir -p /etc/docker && echo '{{\"insecure-registries\": [\"{registry}\"]}}' > /etc/docker/daemon.json"
            + " && apt-get -q update && DEBIAN_FRONTEND=noninteractive apt-get -q install -y --no-install-recommends docker.io docker-cli iptables");

        await MustAsync($"docker run --rm {registry}/library/debian:trixie apt-get -q update");
        (await MustAsync("docker info --format '{{.Driver}}'")).Trim().ShouldBe("overlay2");
    }

    [Fact]
    public async Task D1_a_machine_that_was_stopped_has_its_disks_and_takes_new_values()
    {
        await MustAsync("touch /kept");
        await _machines.StopAsync(VmId, TimeSpan.FromSeconds(30), Cancel);
        (await _machines.IsRunningAsync(VmId, Cancel)).ShouldBeFalse();

        await _machines.StartAsync(Spec("lab-test-2") with { Cores = 1, MemoryMiB = 1024, Address = IPAddress.Parse("198.18.93.12") }, Cancel);
        await UntilBootedAsync();

        await MustAsync("test -e /kept && docker image ls | grep trixie");
        (await MustAsync("hostname -I")).ShouldContain("198.18.93.12");
        (await MustAsync("hostname")).Trim().ShouldBe("lab-test-2");
        (await Docker.RunAsync(["inspect", "--format", "{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}}", "runnerbuild-lab-test-4711"], Cancel))
            .ShouldBe($"1000000000 {1L << 30}");
    }

    [Fact]
    public async Task D2_a_rollback_gives_the_disks_what_they_held_and_a_snapshot_can_go()
    {
        await MustAsync("echo before > /kept && docker volume create before");
        await _machines.TakeSnapshotAsync(VmId, "clean", Cancel);
        await MustAsync("echo after > /kept && touch /more && docker volume rm before && docker volume create after");

        await _machines.RollBackAsync(VmId, "clean", Cancel);
        (await _machines.IsRunningAsync(VmId, Cancel)).ShouldBeFalse();
        await _machines.DeleteSnapshotAsync(VmId, "clean", Cancel);
        await _machines.StartAsync(Spec("lab-test-2") with { Address = IPAddress.Parse("198.18.93.12") }, Cancel);
        await UntilBootedAsync();

        (await MustAsync("cat /kept; ls /more 2>&1; docker volume ls --quiet")).ShouldBe("before\nls: cannot access '/more': No such file or directory\nbefore\n");
        // The engine inside has what it had, its images too.
        await MustAsync($"docker run --rm {lab.Options.Registry}/library/debian:trixie true");
    }

    [Fact]
    public async Task D3_a_machine_tells_the_uuid_that_it_was_given_where_there_is_firmware_to_tell_it()
    {
        Assert.SkipUnless(File.Exists("/sys/class/dmi/id/product_uuid"), "This machine has no DMI.");
        await _machines.StopAsync(VmId, TimeSpan.FromSeconds(30), Cancel);
        await _machines.StartAsync(Spec("lab-test-2") with { Address = IPAddress.Parse("198.18.93.12"), Uuid = "0B0E5C2A-1111-4222-8333-444455556666" }, Cancel);
        await UntilBootedAsync();

        (await MustAsync("cat /sys/class/dmi/id/product_uuid")).Trim().ShouldBe("0b0e5c2a-1111-4222-8333-444455556666");
    }

    [Fact]
    public async Task E1_a_destroyed_machine_leaves_nothing()
    {
        await _machines.TakeSnapshotAsync(VmId, "kept", Cancel);
        await _machines.DestroyAsync(VmId, Cancel);
        await _machines.DestroyAsync(VmId, Cancel);

        (await Docker.RunAsync(["volume", "ls", "--quiet", "--filter", $"label={lab.Options.Label}"], Cancel)).ShouldBeEmpty();
        (await Docker.RunAsync(["image", "ls", "--quiet", "--filter", $"reference={lab.Options.Name}/disk-*"], Cancel)).ShouldBeEmpty();
        (await Docker.RunAsync(["ps", "--all", "--quiet", "--filter", $"label={lab.Options.Label}"], Cancel)).ShouldBeEmpty();
        (await File.ReadAllTextAsync(lab.Files.SshConfig, Cancel)).ShouldNotContain("Host ");
    }

    [Fact]
    public async Task F1_a_lab_that_goes_leaves_nothing()
    {
        await _machines.StartAsync(Spec(), Cancel);

        (await LabInstance.DownAsync()).ExitCode.ShouldBe(0);

        Directory.Exists(lab.Options.State).ShouldBeFalse();
        foreach (var list in new[] { "ps --all", "volume ls", "network ls" })
            (await Docker.RunAsync([.. list.Split(' '), "--quiet", "--filter", $"label={lab.Options.Label}"], Cancel)).ShouldBeEmpty();
        (await Docker.RunAsync(["image", "ls", "--quiet", "--filter", $"reference={lab.Options.Name}/*"], Cancel)).ShouldBeEmpty();
        using var http = new HttpClient();
        await Should.ThrowAsync<HttpRequestException>(() => http.GetAsync(new Uri(lab.Options.ControlUrl, "health"), Cancel));
    }

    public void Dispose() => _machines.Dispose();

    private MachineSpec Spec(string name = "lab-test-vm") => new(
        VmId, name, 2, 2048, "BC:24:11:5A:00:01",
        new(
            $"""
            #cloud-config
            hostname: {name}
            manage_etc_hosts: true
            user: debian
            ssh_authorized_keys:
              - {File.ReadAllText(lab.Files.Key + ".pub").Trim()}
            chpasswd:
              expire: False
            users:
              - default
            package_upgrade: false

            """,
            $"instance-id: {name}\n",
            "version: 1\nconfig:\n  - type: physical\n    name: eth0\n    subnets:\n      - {type: static, address: '10.9.9.9/24'}\n"),
        IPAddress.Parse("198.18.93.11"), 24, lab.Options.Gateway);

    private async Task UntilBootedAsync()
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Patience);
        while (!await _machines.IsReadyAsync(VmId, limit.Token))
            await Task.Delay(200, limit.Token);
        (await RunAsync("cloud-init", "status", "--wait")).Output.ShouldContain("status: done");
        (await RunAsync("systemctl", "is-system-running", "--wait")).Output.Trim().ShouldBe("running", await FailedUnitsAsync());
    }

    private async Task<string> FailedUnitsAsync() => (await RunAsync("systemctl", "--failed", "--no-legend", "--plain")).Output;

    // As the product does: the host keys come over the guest agent.
    private async Task TrustAsync()
    {
        var key = await MustAsync("cat /etc/ssh/ssh_host_ed25519_key.pub");
        await File.WriteAllTextAsync(lab.Files.KnownHosts, $"198.18.93.11 {key}", Cancel);
    }

    private Task<string> SshAsync(string command) =>
        new LocalCommand("ssh", "-F", lab.Files.SshConfig, "-o", "BatchMode=yes", "lab-test-vm", command).OutputAsync(Cancel);

    private Task<GuestCommandResult> RunAsync(params string[] command) => _machines.ExecuteAsync(VmId, command, null, Cancel);

    private async Task<string> MustAsync(string script)
    {
        var result = await RunAsync("sh", "-c", script);
        result.ExitCode.ShouldBe(0, $"{script}: {result.Output}{result.Error}");
        return result.Output;
    }
}
