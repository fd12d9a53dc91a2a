using System.Text;
using System.Text.Json;
using Supervisor.Configuration;
using Supervisor.Docker;

namespace Supervisor.Jobs;

/// <summary><c>docker: dind</c>: each job has an engine of its own inside its container, gone with it.</summary>
internal sealed class OwnEngine : JobEngine
{
    // What an engine needs inside a container beyond what every container has, short of --privileged; why each: runner-image/README.md.
    private static readonly string[] capabilities = ["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"];

    public override Task<CreateContainer> PrepareAsync(JobPlace job, CreateContainer plain, CancellationToken cancel) => Task.FromResult(plain with
    {
        // Anonymous, so that it goes with the container.
        Volumes = new Dictionary<string, EmptyObject> { ["/var/lib/docker"] = new() },
        HostConfig = plain.HostConfig with { CapAdd = capabilities, SecurityOpt = ["seccomp=unconfined", "apparmor=unconfined"] },
    });

    public override IEnumerable<ContainerFile> FilesFor(JobPlace job, PoolSettings pool)
    {
        if (pool.Dockerd is { ValueKind: JsonValueKind.Object } settings)
            yield return ContainerFile.Of("etc/docker/daemon.json", Encoding.UTF8.GetBytes(settings.GetRawText()));
    }
}
