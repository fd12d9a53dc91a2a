using System.Text;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Containers;
using Integration.Running;

namespace Integration.Containers;

/// <summary>A machine with systemd and sshd that is nobody's VM: it has one login, root's, by key, and cloud-init is switched off as on machines installed by hand.</summary>
internal sealed class PlainHost(IContainer container, string hostKey) : IAsyncDisposable
{
    public int Port => container.GetMappedPublicPort(22);

    /// <summary>`SHA256:…`, as its console shows it.</summary>
    public string HostKey => hostKey;

    /// <param name="key">Public SSH key of who may log in.</param>
    /// <param name="with">What it has beside that; null: nothing.</param>
    public static async Task<PlainHost> StartAsync(string image, string key, CancellationToken cancel, Func<ContainerBuilder, ContainerBuilder>? with = null)
    {
        var cgroups = (await LocalProgram.RunAsync("docker", "info", "--format", "{{.CgroupVersion}}")).Output.Trim();
        var bare = await LocalEngine.NewAsync(image);
        var container = (with?.Invoke(bare) ?? bare)
            .WithEntrypoint("/bin/sh", "-c", "ssh-keygen -A && exec /bin/sh /usr/local/sbin/boot")
            .WithResourceMapping(Encoding.UTF8.GetBytes(key), "/root/.ssh/authorized_keys")
            .WithResourceMapping(Array.Empty<byte>(), "/etc/cloud/cloud-init.disabled")
            .WithPortBinding(22, assignRandomHostPort: true)
            .WithCreateParameterModifier(create => AsMachine(create, cgroups))
            .WithWaitStrategy(Wait.ForUnixContainer().UntilCommandIsCompleted("systemctl", "is-active", "ssh.service"))
            .Build();
        await container.StartAsync(cancel);
        var shown = await container.ExecAsync(["ssh-keygen", "-lf", "/etc/ssh/ssh_host_ed25519_key.pub"], cancel);
        return new PlainHost(container, shown.Stdout.Split(' ')[1]);
    }

    public async Task<string> RunAsync(string script)
    {
        var result = await container.ExecAsync(["bash", "-c", script], TestContext.Current.CancellationToken);
        result.ExitCode.ShouldBe(0, result.Stderr);
        return result.Stdout;
    }

    /// <summary>The same, however it ends.</summary>
    public async Task<Ended> TryAsync(string script)
    {
        var result = await container.ExecAsync(["bash", "-c", script], TestContext.Current.CancellationToken);
        return new Ended((int)result.ExitCode!.Value, result.Stdout + result.Stderr);
    }

    // The least that systemd and an engine need inside a container.
    private static void AsMachine(CreateContainerParameters create, string cgroups)
    {
        create.Volumes = new Dictionary<string, EmptyStruct> { ["/var/lib/docker"] = default, ["/var/lib/containerd"] = default };
        var host = create.HostConfig ??= new HostConfig();
        host.CapAdd = ["ALL"];
        host.CapDrop = ["SYS_RESOURCE"];
        host.SecurityOpt = ["seccomp=unconfined", "apparmor=unconfined"];
        host.MaskedPaths = [];
        host.ReadonlyPaths = [];
        host.DeviceCgroupRules = ["a *:* rwm"];
        host.Tmpfs = new Dictionary<string, string> { ["/run"] = "", ["/tmp"] = "exec" };
        host.CgroupnsMode = cgroups == "2" ? "private" : "host";
        if (cgroups != "2")
            host.Binds = ["/sys/fs/cgroup:/sys/fs/cgroup"];
    }

    public ValueTask DisposeAsync() => container.DisposeAsync();
}
