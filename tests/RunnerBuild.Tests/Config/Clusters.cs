namespace RunnerBuild.Tests.Config;

/// <summary>Several Proxmox clusters in one fleet, and what a VM can say of itself.</summary>
public sealed class Clusters
{
    private const string Text = """
        github: { org: acme, credential: { env: T } }
        proxmox: { url: 'https://10.0.0.5:8006', token: { id: 'root@pam!xy', secret: { env: T } }, caFile: ca.pem }
        clusters:
          attic:
            url: https://10.0.0.6:8006
            user: { name: runners@pve, password: { env: P } }
            fingerprintFile: pins
            templateImage: { node: pve, image: 'https://x.example/y.qcow2', checksum: 'sha256:aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa' }
        defaults:
          vm: { node: pve, template: 9999, sshKeys: [ ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl a ] }
        hosts:
          one: { vm: { vmid: 250, ip: 192.168.1.250/24 } }
          two: { vm: { vmid: 250, ip: 192.168.1.251/24, cluster: attic, sockets: 2, cpu: 'host,flags=+aes', balloon: 0M, vlan: 12, protection: true } }
        """;

    [Fact]
    public void Each_vm_is_on_its_own_and_a_number_may_come_again_on_another()
    {
        using var folder = new FleetFolder();
        var fleet = folder.Read(Text);

        fleet.AllClusters.Select(cluster => (cluster.Name, cluster.Endpoint.Login.User)).ShouldBe([(null, "root@pam"), ("attic", "runners@pve")]);
        fleet.Clusters["attic"].Template.ShouldNotBeNull().VmId.ShouldBe(9999);
        fleet.Hosts.Select(host => host.Vm!.Cluster).ShouldBe([null, "attic"]);
    }

    [Fact]
    public void What_is_not_said_is_left_as_it_is()
    {
        using var folder = new FleetFolder();
        var hosts = folder.Read(Text).Hosts;

        (hosts[0].Vm!.Sockets, hosts[0].Vm!.Cpu, hosts[0].Vm!.BalloonMiB, hosts[0].Vm!.Vlan, hosts[0].Vm!.Protection).ShouldBe((1, null, null, null, null));
        (hosts[1].Vm!.Sockets, hosts[1].Vm!.Cpu, hosts[1].Vm!.BalloonMiB, hosts[1].Vm!.Vlan, hosts[1].Vm!.Protection).ShouldBe((2, "host,flags=+aes", 0, 12, true));
    }
}
