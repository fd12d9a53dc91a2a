using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Remote;

namespace RunnerBuild.Desired;

/// <summary>What DeployRunners brings about on one host: the supervisor, its settings and credentials, and the slots that it keeps filled.</summary>
/// <param name="Slots">Every slot that must serve, in order.</param>
/// <param name="Configuration">The supervisor's settings, as JSON text.</param>
/// <param name="Obsolete">Credentials and files for jobs, of pools that are no longer there; paths.</param>
internal sealed record RunnerDeployment(
    ImmutableArray<WantedSlot> Slots, string Configuration, ImmutableArray<HostResource> Resources, ImmutableArray<string> Obsolete)
{
    /// <summary>Its group may use runnerctl; nobody logs in as it.</summary>
    public const string Operators = "runnerctl";
    private const int OperatorsNumber = 1101;

    /// <param name="supervisor">The program, built for the host's architecture.</param>
    /// <param name="image">The image that pools without one of their own use.</param>
    public static RunnerDeployment Of(Host host, HostFacts facts, FileContent supervisor, string image, DeploymentSecrets secrets)
    {
        var slots = WantedSlot.Of(host, image);
        var credentials = CredentialFile.Of(host);
        var configuration = SupervisorConfiguration.Of(host, facts, slots, credentials);
        var credentialFiles = credentials.Select(file => new HostFile(file.Path, new FileContent.Hidden(secrets.Credentials[file.Credential]), "0600")).ToList();
        var jobFiles = JobFiles.Of(host, secrets).ToList();
        var kept = StillNeeded(facts, credentials);
        return new RunnerDeployment(
            slots,
            configuration,
            [
                new SystemAccount(Operators, OperatorsNumber, "/nonexistent"),
                .. host.ActionArchives ? [new HostDirectory(HostPaths.ActionArchives)] : ImmutableArray<HostResource>.Empty,
                new HostFile(HostPaths.Supervisor, supervisor, "0755"),
                new HostLink(HostPaths.Control, Path.GetFileName(HostPaths.Supervisor)),
                .. credentialFiles,
                .. jobFiles,
                new HostFile(HostPaths.Compose, new FileContent.Plain(ComposeFile.Of(host, slots))),
                new HostFile(HostPaths.Configuration, new FileContent.Plain(configuration)),
                new HostFile(HostPaths.ServiceUnitFile, new FileContent.Plain(ServiceUnit([.. credentials.Select(file => file.Name), .. kept]))),
                // What jobs are given, the supervisor reads once, and then replaces those runners that were given something else.
                new Unit(HostPaths.ServiceUnit, [HostPaths.ServiceUnitFile, .. credentialFiles.Concat(jobFiles.OfType<HostFile>()).Select(file => file.Path)], Build: supervisor.Hash),
            ],
            Outermost(facts.Stored.Except(credentials.Select(file => file.Path)).Except(kept.Select(PathOf)).Except(JobFiles.PathsIn(jobFiles))));
    }

    /// <summary>The files that the facts must tell about.</summary>
    public static IEnumerable<string> Files(Host host) =>
    [
        HostPaths.Supervisor, HostPaths.Control, HostPaths.ActionArchives, HostPaths.Compose, HostPaths.Configuration, HostPaths.ServiceUnitFile,
        .. CredentialFile.Of(host).Select(file => file.Path), .. JobFiles.Paths(host),
    ];

    /// <summary>Those whose content plans show.</summary>
    public static IEnumerable<string> Texts { get; } = [HostPaths.Compose, HostPaths.Configuration, HostPaths.ServiceUnitFile];

    // A runner of a pool that was taken out of the fleet is deregistered with the credential that it was registered with.
    private static ImmutableArray<string> StillNeeded(HostFacts facts, ImmutableArray<CredentialFile> wanted) =>
    [
        .. facts.Containers.Select(container => container.Credential).Distinct()
            .Where(name => name.Length > 0 && wanted.All(file => file.Name != name) && facts.Stored.Contains(PathOf(name))),
    ];

    private static string PathOf(string credential) => $"{HostPaths.Credentials}/{credential}";

    private static ImmutableArray<string> Outermost(IEnumerable<string> paths)
    {
        var all = paths.ToHashSet(StringComparer.Ordinal);
        return [.. all.Where(path => !all.Contains(Path.GetDirectoryName(path)!)).Order(StringComparer.Ordinal)];
    }

    private static string ServiceUnit(IEnumerable<string> credentials) =>
        EmbeddedText.Read(HostPaths.ServiceUnit).Replace(
            "@CREDENTIALS@", string.Join('\n', credentials.Select(name => $"LoadCredential={name}:{PathOf(name)}")), StringComparison.Ordinal);
}

/// <summary>The secrets of one run, already fetched.</summary>
/// <param name="Credentials">As the supervisor reads them: JSON.</param>
/// <param name="JobKeys">Private SSH keys for jobs, by pool.</param>
internal sealed record DeploymentSecrets(
    ImmutableDictionary<GitHubCredential, Secret> Credentials, ImmutableDictionary<string, Secret> JobKeys);
