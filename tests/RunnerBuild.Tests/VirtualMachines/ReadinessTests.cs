using System.Net;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

public sealed class ReadinessTests : IDisposable
{
    private readonly Greeter _ssh = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _ssh.Dispose();

    [Fact]
    public async Task Case_32_a_machine_is_ready_when_its_own_card_has_its_address_and_ssh_answers()
    {
        await using var cluster = await StartedAsync();

        await cluster.Vms.WaitUntilReadyAsync(Reachable(), cluster.Told, Cancel);

        cluster.Told.Lines.ShouldBeEmpty();
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_33_a_silent_agent_is_done_without_when_ssh_answers()
    {
        await using var cluster = await StartedAsync();
        cluster.Machines.AgentAnswers = false;

        await cluster.Vms.WaitUntilReadyAsync(Reachable(), cluster.Told, Cancel);

        cluster.Told.Lines[^1].ShouldBe("the guest agent of VM 250 on node005 does not answer; going on with SSH alone");
    }

    [Fact]
    public async Task Case_33_what_was_seen_last_is_told_at_the_limit()
    {
        await using var cluster = await StartedAsync(haste: 400);
        var other = Reachable() with { Vm = Spec with { Ip = new(IPAddress.Parse("192.168.1.99"), 24) } };
        (await NotReadyAsync(cluster, other)).ShouldContain("the guest's eth0 has 192.168.1.250, wanted is 192.168.1.99/24");

        _ssh.Dispose();
        (await NotReadyAsync(cluster, Reachable())).ShouldContain($"no SSH server answers at 127.0.0.1:{Reachable().Ssh.Port}");
    }

    [Fact]
    public async Task Host_keys_are_read_through_the_agent_once_cloud_init_is_done()
    {
        await using var cluster = await StartedAsync();
        cluster.Machines.Files["/etc/ssh/ssh_host_ed25519_key.pub"] = "ssh-ed25519 AAAAfromTemplate root@template\n";
        cluster.Wire.Instead = request =>
        {
            if (cluster.Wire.Requests.Count(seen => seen.Path.Contains("result.json", StringComparison.Ordinal)) == 3 && request.Path.Contains("result.json", StringComparison.Ordinal))
            {
                cluster.Machines.Files["/etc/ssh/ssh_host_ed25519_key.pub"] = "ssh-ed25519 AAAAmadeByCloudInit root@gh-runner-01\n";
                cluster.Machines.Files["/etc/ssh/ssh_host_rsa_key.pub"] = "ssh-rsa BBBB root@gh-runner-01\n";
                cluster.Machines.Files["/run/cloud-init/result.json"] = "{}";
            }

            return null;
        };

        var keys = await cluster.Vms.HostKeysAsync(Host, Cancel);

        keys.ShouldBe(["ssh-ed25519 AAAAmadeByCloudInit", "ssh-rsa BBBB"]);
        cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task Without_an_agent_or_the_right_to_read_through_it_there_are_no_host_keys()
    {
        await using var cluster = await StartedAsync();
        cluster.Machines.AgentAnswers = false;
        (await cluster.Vms.HostKeysAsync(Host, Cancel)).ShouldBeNull();

        cluster.Machines.AgentAnswers = true;
        cluster.Wire.Instead = request => request.Path.Contains("/agent/", StringComparison.Ordinal)
            ? ClientTests.Answer(403, "Permission check failed (/vms/250, VM.GuestAgent.FileRead)", """{"data":null}""")
            : null;
        (await cluster.Vms.HostKeysAsync(Host, Cancel)).ShouldBeNull();
    }

    private static async Task<Cluster> StartedAsync(int haste = 20)
    {
        var cluster = await Cluster.StartAsync(haste: haste);
        await cluster.RunAsync(Host, Cancel);
        cluster.Wire.Forget();
        cluster.Told.Forget();
        return cluster;
    }

    private static async Task<string> NotReadyAsync(Cluster cluster, RunnerBuild.Config.Host host) =>
        (await Should.ThrowAsync<RunnerBuildException>(() => cluster.Vms.WaitUntilReadyAsync(host, cluster.Told, Cancel))).Why;

    private RunnerBuild.Config.Host Reachable() => HostOf(Spec, sshPort: _ssh.Port);
}
