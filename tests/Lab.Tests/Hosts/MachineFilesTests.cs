using System.Net;
using Lab.Hosts;
using Lab.Proxmox;

namespace Lab.Tests.Hosts;

public sealed class MachineFilesTests : IDisposable
{
    private readonly LabFiles _lab = new(Directory.CreateTempSubdirectory("lab with blanks ").FullName);

    [Fact]
    public void The_client_configuration_trusts_only_the_labs_own_known_hosts() =>
        SshConfig.Entry("gh-runner-01", IPAddress.Parse("198.18.77.11"), "debian", new("/my lab")).ShouldBe(
            """
            Host gh-runner-01
                HostName 198.18.77.11
                User debian
                IdentityFile "/my lab/id_ed25519"
                IdentitiesOnly yes
                UserKnownHostsFile "/my lab/known_hosts"
                StrictHostKeyChecking yes


            """);

    [Fact]
    public async Task The_client_configuration_follows_the_machines_that_are_there()
    {
        foreach (var vmId in new[] { 102, 101 })
        {
            Files(vmId).Write(Spec(vmId), resolver: null);
            await File.WriteAllTextAsync(Files(vmId).SshConfig, SshConfig.Entry($"vm-{vmId}", IPAddress.Loopback, "debian", _lab), TestContext.Current.CancellationToken);
        }
        SshConfig.Write(_lab);
        (await OfSshAsync("vm-101")).ShouldContain("hostname 127.0.0.1\n");
        (await OfSshAsync("vm-102")).ShouldContain($"identityfile {_lab.Key}\n");

        Files(101).Delete();
        SshConfig.Write(_lab);
        (await OfSshAsync("vm-101")).ShouldContain("hostname vm-101\n");
    }

    [Theory]
    [InlineData("#cloud-config\nhostname: x\nuser: admin\n", "admin")]
    [InlineData("#cloud-config\nuser: \"ops\"\n", "ops")]
    [InlineData("#cloud-config\nhostname: user\n", "debian")]
    public void The_login_is_that_of_the_seed(string userData, string user) => MachineFiles.UserOf(new(userData, "", "")).ShouldBe(user);

    [Fact]
    public void Only_a_machine_that_a_reboot_stopped_is_started_again()
    {
        var file = Path.Combine(_lab.Root, "started");
        var marker = new BootMarker(file);
        marker.IsFromEarlierBoot.ShouldBeFalse();
        marker.Set();
        marker.IsFromEarlierBoot.ShouldBeFalse();
        File.WriteAllText(file, "2d9e3f0c-0000-0000-0000-000000000000\n");
        marker.IsFromEarlierBoot.ShouldBeTrue();
        marker.Clear();
        marker.IsFromEarlierBoot.ShouldBeFalse();
    }

    [Theory]
    [InlineData("nameserver 127.0.0.53\noptions edns0\n", null)]
    [InlineData("nameserver ::1\nnameserver fe80::1%eth0\n", null)]
    [InlineData("# nameserver 192.0.2.1\n", null)]
    [InlineData("nameserver 127.0.0.1\nnameserver 192.0.2.53\nsearch example.org\n", "nameserver 192.0.2.53\nsearch example.org\n")]
    public void Name_servers_that_a_container_cannot_reach_are_left_out(string resolvConf, string? expected) =>
        NameServers.Reachable(resolvConf).ShouldBe(expected);

    public void Dispose() => Directory.Delete(_lab.Root, recursive: true);

    private MachineFiles Files(int vmId) => new(_lab, vmId);

    private static MachineSpec Spec(int vmId) => new(vmId, $"vm-{vmId}", 1, 512, null, new("#cloud-config\n", "instance-id: x\n", "version: 1\n"), null, 24, null);

    private async Task<string> OfSshAsync(string host) =>
        await new LocalCommand("ssh", "-F", _lab.SshConfig, "-G", host).OutputAsync(TestContext.Current.CancellationToken) + "\n";
}
