using RunnerBuild.Config;

namespace RunnerBuild.Tests.Config;

public sealed class FleetDefaults
{
    [Fact]
    public void The_smallest_fleet_has_one_pool_of_one_runner()
    {
        var fleet = Fleets.Read(Fleets.Smallest);

        var pool = fleet.Hosts.ShouldHaveSingleItem().Pools.ShouldHaveSingleItem();
        (pool.Name, pool.Count, pool.Docker, pool.Pids, pool.Cpus, pool.MemoryMiB, pool.Group)
            .ShouldBe(("default", 1, DockerMode.Dind, 2048, null, null, null));
        pool.Labels.ShouldBe(["self-hosted", "linux", "x64"]);
        pool.Scope.ShouldBe(new GitHubScope(
            ScopeKind.Organization, "acme", new Uri("https://github.com"),
                new GitHubCredential.Token(new SecretReference.FromEnvironment("GITHUB_TOKEN"))));
        (fleet.Lab, fleet.Proxmox, fleet.Canary, fleet.Hosts[0].Vm).ShouldBe((null, null, null, null));
        fleet.Image.Runner.Version.ShouldBe("latest");
        fleet.KnownHosts.ShouldBe(Path.ChangeExtension(fleet.File, ".known_hosts"));
    }

    [Fact]
    public void A_host_and_a_pool_override_the_defaults_key_by_key()
    {
        var host = Fleets.Read("""
            github: { org: acme, credential: { env: T } }
            defaults:
              ssh: { user: ci, port: 2222, key: id }
              care: { diskPark: 95, memory: 14G }
              engine: { mtu: 1450, registryMirrors: [https://mirror.home.arpa/] }
              pool: { count: 3, cpus: 1.5, memory: 512M, env: { A: "1", B: "2" }, labels: [a, b] }
            hosts:
              one:
                address: 192.168.1.9
                ssh: { port: 22 }
                engine: { mtu: null }
                care: { diskWarn: 85, notify: /usr/local/bin/tell }
                pools:
                  - { name: x, cpus: null, env: { B: "3", C: 4 }, labels: [c] }
                  - { name: y, reserveMemory: 1G, count: 0, memory: 2G, gpus: [0, GPU-1] }
            """).Hosts.Single();

        (host.Ssh.Address, host.Ssh.User, host.Ssh.Port, Path.GetFileName(host.Ssh.Key)).ShouldBe(("192.168.1.9", "ci", 22, "id"));
        (host.Engine.Mtu, host.Engine.RegistryMirrors.Single()).ShouldBe((null, "https://mirror.home.arpa"));
        host.Care.ShouldBe(new HostCare(85, 95, 14336, null, "/usr/local/bin/tell"));
        host.Pools.Select(pool => pool.ReserveMemoryMiB).ShouldBe([null, 1024]);
        (host.Pools[0].Count, host.Pools[0].Cpus, host.Pools[0].MemoryMiB, host.Pools[0].Gpus).ShouldBe((3, null, 512, null));
        (host.Pools[1].Count, host.Pools[1].Cpus, host.Pools[1].MemoryMiB, host.Pools[1].Gpus).ShouldBe((0, 1.5, 2048, "device=0,GPU-1"));
        host.Pools[0].Environment.ShouldBe(new Dictionary<string, string> { ["A"] = "1", ["B"] = "3", ["C"] = "4" });
        host.Pools[0].Labels.ShouldBe(["c"]);
        host.Pools[1].Labels.ShouldBe(["a", "b"]);
    }

    [Fact]
    public void A_pool_overrides_the_scope_wholly_or_in_part()
    {
        var pools = Fleets.Read("""
            github: { org: acme, url: https://github.home.arpa, credential: { env: FLEET } }
            hosts:
              one:
                address: a
                pools:
                  - { name: fleet }
                  - { name: repo, github: { repo: ada/gadgets } }
                  - { name: own, github: { enterprise: big, url: https://github.com, credential: { command: op read x } } }
                  - { name: tenant, github: { url: https://acme.ghe.com } }
                  - { name: app, github: { credential: { app: { id: 12345, installation: 7, key: { file: /k.pem } } } } }
            """).Hosts.Single().Pools;

        pools.Select(pool => pool.Scope.Path).ShouldBe(["orgs/acme", "repos/ada/gadgets", "enterprises/big", "orgs/acme", "orgs/acme"]);
        pools.Select(pool => pool.Scope.Api).ShouldBe([
            "https://github.home.arpa/api/v3", "https://github.home.arpa/api/v3", "https://api.github.com", "https://api.acme.ghe.com",
                "https://github.home.arpa/api/v3"]);
        pools[1].Scope.Credential.ShouldBe(new GitHubCredential.Token(new SecretReference.FromEnvironment("FLEET")));
        pools[2].Scope.Credential.ShouldBe(new GitHubCredential.Token(new SecretReference.FromCommand("op read x")));
        pools[4].Scope.Credential.ShouldBe(new GitHubCredential.App("12345", 7, new SecretReference.FromFile("/k.pem")));
    }

    [Fact]
    public void A_vm_takes_its_parts_from_the_defaults_and_the_host_its_address_from_the_vm()
    {
        var host = Fleets.Read("""
            github: { org: acme, credential: { env: T } }
            proxmox: { url: "https://pve:8006/", token: { id: root@pam!ci, secret: { env: P } }, fingerprintFile: f }
            defaults:
              vm:
                node: pve1
                template: 9999
                memory: 16G
                disk: 65536M
                gateway: 192.168.1.1
                nameserver: 192.168.1.2
                tags: [z, a, z]
                sshKeys: [ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl a]
            hosts:
              one: { vm: { vmid: 250, ip: 192.168.1.250/24, node: pve2, nameserver: null } }
            """).Hosts.Single();

        host.Ssh.Address.ShouldBe("192.168.1.250");
        var vm = host.Vm.ShouldNotBeNull();
        (vm.VmId, vm.Node, vm.Template, vm.Cores, vm.MemoryMiB, vm.DiskGiB).ShouldBe((250, "pve2", 9999, 4, 16384, 64));
        ($"{vm.Ip}", $"{vm.Gateway}", vm.Nameservers.Length, vm.OnBoot, vm.FullClone)
            .ShouldBe(("192.168.1.250/24", "192.168.1.1", 0, true, true));
        vm.Tags.ShouldBe(["a", "z"]);
    }

    [Fact]
    public void Anchors_and_merge_keys_are_followed_and_what_is_said_here_wins()
    {
        var hosts = Fleets.Read("""
            x-large: &large { count: 4, memory: 8G }
            github: { org: acme, credential: { env: T } }
            hosts:
              one: { address: a, pools: &pools [ { count: 1, <<: *large, name: x }, { <<: [ { pids: 64 }, *large ], name: y } ] }
              two: { address: b, pools: *pools }
            """).Hosts;

        hosts[0].Pools.Select(pool =>
            (pool.Name, pool.Count, pool.MemoryMiB, pool.Pids)).ShouldBe([("x", 1, 8192, 2048), ("y", 4, 8192, 64)]);
        hosts[1].Pools.Select(pool => (pool.Name, pool.Count)).ShouldBe([("x", 1), ("y", 4)]);
    }

    [Fact]
    public void A_home_directory_is_expanded_and_other_paths_are_beside_the_fleet()
    {
        using var folder = new FleetFolder();

        var ssh = folder.Read($$"""
            {{Fleets.Smallest}}
            defaults: { ssh: { key: ~/.ssh/id, passphrase: { file: secrets/passphrase } } }
            """).Hosts.Single().Ssh;

        ssh.Key.ShouldBe(Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".ssh/id"));
        ssh.Passphrase.ShouldBe(new SecretReference.FromFile(Path.Combine(folder.Path, "secrets/passphrase")));
    }

    [Fact]
    public void Public_keys_are_taken_from_a_file()
    {
        const string Key = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl ada@laptop";
        using var folder = new FleetFolder();
        folder.Write("keys.pub", $"# laptop\n{Key}\n\n{Key}2\n");
        const string Fleet = """
            github: { org: acme, credential: { env: T } }
            proxmox: { url: "https://pve:8006", token: { id: root@pam!ci, secret: { env: P } }, fingerprintFile: f }
            hosts: { one: { vm: { vmid: 250, ip: 192.168.1.250/24, node: pve, template: 9999, sshKeys: [ { file: keys.pub } ] } } }
            """;

        folder.Read(Fleet).Hosts.Single().Vm!.SshKeys.ShouldBe([Key, $"{Key}2"]);

        folder.Write("keys.pub", "-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk\n");
        var error = Should.Throw<ConfigurationException>(() => folder.Read(Fleet));
        error.Why.ShouldContain("hosts/one/vm/sshKeys[0]/file: names a file");
        error.Why.ShouldNotContain("b3BlbnNzaC1rZXk");
    }
}
