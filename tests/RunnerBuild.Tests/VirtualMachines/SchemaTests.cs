using Lab.Tests.Proxmox;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Everything that goes over the wire is allowed by Proxmox's published schema, which is not part of this project.</summary>
public sealed class SchemaTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("9.1", "pve-apischema.json")]
    [InlineData("8.4", "pve-apischema-8.4.json")]
    [InlineData("7.4", "pve-apischema-7.4.json")]
    public async Task Case_45_every_request_is_one_that_proxmox_knows(string version, string schema)
    {
        var reference = Reference.OrSkip();
        await using var cluster = await WholeLifeAsync(version);

        var (exitCode, said) = await reference.CheckAsync(schema, cluster.Wire.Requests.Select(request => request.LogLine), Cancel);

        exitCode.ShouldBe(0, said);
        cluster.Wire.Requests.Select(request => $"{request}").ShouldAllBe(line => !line.Contains(Wire.TokenSecret, StringComparison.Ordinal));
    }

    /// <summary>A cluster on which every call that the client knows was made, with every parameter.</summary>
    internal static async Task<Cluster> WholeLifeAsync(string version)
    {
        var cluster = await Cluster.StartAsync(TemplateImageTests.Options with { Version = version, Pools = ["gh-runners", "others"], Users = [new("root@pam", "a password")] });
        var host = HostOf(Spec with { Pool = "gh-runners", Storage = "local-lvm" });
        cluster.Machines.Files["/etc/ssh/ssh_host_ed25519_key.pub"] = "ssh-ed25519 AAAA root@x";
        cluster.Machines.Files["/run/cloud-init/result.json"] = "{}";
        cluster.Wire.Loses = (_, request) => request.Path.EndsWith("/resize", StringComparison.Ordinal);
        await cluster.RunAsync(host, Cancel);
        cluster.Wire.Loses = (_, _) => false;
        await cluster.RunAsync(host, Cancel);
        (await cluster.Vms.HostKeysAsync(host, Cancel)).ShouldNotBeNull();
        await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(HostOf(Spec with { VmId = 260, Storage = "nowhere" }), Cancel));
        await Should.ThrowAsync<RunnerBuildException>(() => cluster.RunAsync(HostOf(Spec with { VmId = 262, Node = "node006" }), Cancel));
        var all = HostOf(Spec with { Pool = "gh-runners", Storage = "local-lvm", Cores = 3, Cpu = "host,flags=+aes", BalloonMiB = 1024, Vlan = 12, Sockets = 2, Protection = false, Tags = ["a", "b"] });
        await cluster.RunAsync(all, Cancel, new(Restart: true));
        await cluster.Snapshots(all).TakeAsync("before", cluster.Told, Cancel);
        await cluster.Snapshots(all).TakeAsync("before again", cluster.Told, Cancel);
        await cluster.WriteAsync(Applying.VirtualMachineCall.Of(new Planning.RollBack(new("node005", 250), (await cluster.Snapshots(all).NewestAsync(Cancel))!.Name)).Call, Cancel);
        await SnapshotTests.RunningAsync(cluster, all);
        using var user = cluster.Wire.Client(cluster.Wire.Endpoint() with { Login = new RunnerBuild.Config.ProxmoxLogin.Password("root@pam", Wire.Token.Secret) }, "a password");
        await user.GetAsync("/version", "ask", Cancel);
        if (version != "7.4")
            foreach (var pool in new[] { "others", "gh-runners" })
                await cluster.RunAsync(HostOf(all.Vm! with { Pool = pool }), Cancel);
        await new Diagnosing.ProxmoxExamination(cluster.Client, cluster.Vms.Observation, cluster.Wire.Endpoint(), [host, HostOf(Spec with { VmId = 261 })]).RunAsync("proxmox", Cancel);
        if (version != "7.4")
            await TemplateImageTests.RunAsync(cluster, Cancel);
        await RemovalTests.RunAsync(cluster, all, Cancel);
        return cluster;
    }
}
