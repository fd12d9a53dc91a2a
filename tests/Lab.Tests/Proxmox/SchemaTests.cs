namespace Lab.Tests.Proxmox;

/// <summary>What the double accepts is held against the published schema, where the reference with it is at hand.</summary>
public class SchemaTests
{
    [Theory]
    [InlineData("9.1", "pve-apischema.json")]
    [InlineData("8.4", "pve-apischema-8.4.json")]
    [InlineData("7.4", "pve-apischema-7.4.json")]
    public async Task Case_45_every_request_that_is_accepted_is_in_the_published_schema(string version, string schema)
    {
        var reference = Reference.OrSkip();
        var log = Path.GetTempFileName();
        await using (var proxmox = await RunningDouble.StartAsync(options => options with { Version = version, RequestLog = log }))
            await WholeLifeAsync(proxmox, version);
        var (exitCode, output) = await reference.CheckAsync(schema, await File.ReadAllLinesAsync(log, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        File.ReadLines(log).Count().ShouldBeGreaterThan(25);
        File.Delete(log);
        exitCode.ShouldBe(0, output);
    }

    private static async Task WholeLifeAsync(RunningDouble proxmox, string version)
    {
        foreach (
            var question in new[]
            {
                "version",
                "nodes",
                "cluster/nextid?vmid=250",
                "cluster/resources?type=vm",
                "access/permissions?path=/vms/9999",
                "nodes/pve/storage?content=images",
                "nodes/pve/storage/local-lvm/status",
                "nodes/pve/network?type=bridge",
                "nodes/pve/status",
                "nodes/pve/qemu",
                "pools",
            }
        )
            (await proxmox.GetAsync(question)).Status.ShouldBe(200, question);
        var vm = await proxmox.CloneAsync(250, ("description", "mine"), ("storage", "local-lvm"));
        var config = await proxmox.ConfigAsync(vm);
        (string, string)[] upgrade = version == "7.4" ? [] : [("ciupgrade", "0")];
        var changed = await proxmox.PostAsync(
            $"{vm}/config",
            [
                ("digest", config.GetProperty("digest").GetString()!),
                ("cores", "4"),
                ("memory", "8192"),
                ("net0", config.GetProperty("net0").GetString()!),
                ("scsi0", "local-lvm:vm-250-disk-0,discard=on,iothread=1"),
                ("ipconfig0", "ip=198.18.77.11/24,gw=198.18.77.1"),
                ("nameserver", "198.18.77.1"),
                ("sshkeys", Uri.EscapeDataString(SshKey)),
                ("ciuser", "debian"),
                ("onboot", "1"),
                ("agent", "enabled=1,fstrim_cloned_disks=1"),
                ("tags", "a;b"),
                ("boot", "order=scsi0;net0"),
                ("cpu", "host,flags=+aes"),
                ("startup", "order=1,up=30"),
                ("hotplug", "network,disk"),
                ("vga", "serial0"),
                ("serial0", "socket"),
                ("delete", "searchdomain"),
                .. upgrade,
            ]
        );
        (await proxmox.EndOfAsync(changed)).ShouldBe("OK");
        (await proxmox.PutAsync($"{vm}/resize", ("disk", "scsi0"), ("size", "35G"))).Status.ShouldBe(200);
        (await proxmox.PutAsync($"{vm}/cloudinit")).Status.ShouldBe(200);
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/start", ("timeout", "60")))).ShouldBe("OK");
        (await proxmox.PostAsync($"{vm}/agent/ping")).Status.ShouldBe(200);
        (await proxmox.PostAsync($"{vm}/agent/exec", ("command", "true"))).Status.ShouldBe(200);
        foreach (
            var question in new[]
            {
                "pending",
                "status/current",
                "agent/network-get-interfaces",
                "agent/get-osinfo",
                "agent/file-read?file=/etc/hostname",
                "cloudinit",
                "cloudinit/dump?type=network",
                "config?current=1",
            }
        )
            (await proxmox.GetAsync($"{vm}/{question}")).Status.ShouldBe(200, question);
        (await proxmox.GetAsync("nodes/pve/tasks?source=all&vmid=250&limit=10")).Status.ShouldBe(200);
        (await proxmox.EndOfAsync(await proxmox.PostAsync($"{vm}/status/shutdown", ("timeout", "5"), ("forceStop", "1")))).ShouldBe("OK");
        (await proxmox.EndOfAsync(await proxmox.DeleteAsync($"{vm}?purge=1&destroy-unreferenced-disks=1"))).ShouldBe("OK");
    }

    private const string SshKey = "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIFyVyQp1hQ0oP3m8tGkqzrq6sVrR+9U9QmTr8ZJ0yG1p me@host";
}
