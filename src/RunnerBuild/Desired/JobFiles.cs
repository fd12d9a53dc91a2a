using RunnerBuild.Config;
using RunnerBuild.Remote;

namespace RunnerBuild.Desired;

/// <summary>What a pool's jobs find in their home: an SSH key and the host keys that it may meet.</summary>
internal static class JobFiles
{
    public static IEnumerable<HostResource> Of(Host host, DeploymentSecrets secrets)
    {
        foreach (var pool in host.Pools.Where(HasAny))
        {
            yield return new HostDirectory(Folder(pool), "0700");
            if (pool.SshKey is not null)
                yield return new HostFile(Key(pool), new FileContent.Hidden(secrets.JobKeys[pool.Name]), "0600");
            if (!pool.KnownHosts.IsEmpty)
                yield return new HostFile(KnownHosts(pool), new FileContent.Plain(string.Join('\n', pool.KnownHosts) + "\n"));
        }
    }

    /// <summary>Where these are, folders included.</summary>
    public static IEnumerable<string> PathsIn(IEnumerable<HostResource> files) => files.Select(resource => resource switch
    {
        HostDirectory directory => directory.Path,
        HostFile file => file.Path,
        _ => throw new InvalidOperationException($"{resource.Id} is neither a file nor a folder."),
    });

    public static IEnumerable<string> Paths(Host host) => host.Pools.Where(HasAny).SelectMany(pool => new[] { Folder(pool), Key(pool), KnownHosts(pool) });

    /// <summary>For the supervisor: which file of the host goes where in the job's container.</summary>
    public static IEnumerable<(string Path, string From, string Mode)> InContainer(Pool pool)
    {
        if (pool.SshKey is not null)
            yield return ("/home/runner/.ssh/id_runner", Key(pool), "0600");
        if (!pool.KnownHosts.IsEmpty)
            yield return ("/home/runner/.ssh/known_hosts", KnownHosts(pool), "0644");
    }

    private static bool HasAny(Pool pool) => pool.SshKey is not null || !pool.KnownHosts.IsEmpty;

    private static string Folder(Pool pool) => $"{HostPaths.Jobs}/{pool.Name}";

    private static string Key(Pool pool) => $"{Folder(pool)}/id_runner";

    private static string KnownHosts(Pool pool) => $"{Folder(pool)}/known_hosts";
}
