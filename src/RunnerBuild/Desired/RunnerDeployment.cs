using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Facts;
using RunnerBuild.Remote;

namespace RunnerBuild.Desired;

/// <summary>What DeployRunners brings about on one host: the supervisor, its settings and credentials, and the slots that it keeps filled.</summary>
/// <param name="Slots">Every slot that must serve, in order.</param>
/// <param name="Configuration">The supervisor's settings, as JSON text.</param>
internal sealed record RunnerDeployment(
    ImmutableArray<WantedSlot> Slots, string Configuration, ImmutableArray<HostResource> Resources)
{
    /// <summary>Its group may use runnerctl; nobody logs in as it.</summary>
    public const string Operators = "runnerctl";
    private const int OperatorsNumber = 1101;

    /// <param name="program">Path of the supervisor on this machine, built for the host's architecture.</param>
    /// <param name="image">The image that pools without one of their own use.</param>
    public static RunnerDeployment Of(Host host, HostFacts facts, string program, string image, DeploymentSecrets secrets)
    {
        var slots = WantedSlot.Of(host, image);
        var credentials = CredentialFile.Of(host);
        var configuration = SupervisorConfiguration.Of(host, facts, slots, credentials);
        var credentialFiles = credentials.Select(file => new HostFile(file.Path, new FileContent.Hidden(secrets.Credentials[file.Credential]), "0600")).ToList();
        var supervisor = new FileContent.Local(program);
        return new RunnerDeployment(
            slots,
            configuration,
            [
                new SystemAccount(Operators, OperatorsNumber, "/nonexistent"),
                new HostFile(HostPaths.Supervisor, supervisor, "0755"),
                new HostLink(HostPaths.Control, Path.GetFileName(HostPaths.Supervisor)),
                .. credentialFiles,
                .. JobFiles.Of(host, secrets),
                new HostFile(HostPaths.Compose, new FileContent.Plain(ComposeFile.Of(host, slots))),
                new HostFile(HostPaths.Configuration, new FileContent.Plain(configuration)),
                new HostFile(HostPaths.ServiceUnitFile, new FileContent.Plain(ServiceUnit(credentials))),
                new Unit(HostPaths.ServiceUnit, [HostPaths.ServiceUnitFile, .. credentialFiles.Select(file => file.Path)], Build: supervisor.Hash),
            ]);
    }

    /// <summary>The files that the facts must tell about.</summary>
    public static IEnumerable<string> Files(Host host) =>
    [
        HostPaths.Supervisor, HostPaths.Control, HostPaths.Compose, HostPaths.Configuration, HostPaths.ServiceUnitFile,
        .. CredentialFile.Of(host).Select(file => file.Path), .. JobFiles.Paths(host),
    ];

    private static string ServiceUnit(ImmutableArray<CredentialFile> credentials) =>
        EmbeddedText.Read(HostPaths.ServiceUnit).Replace(
            "@CREDENTIALS@", string.Join('\n', credentials.Select(file => $"LoadCredential={file.Name}:{file.Path}")), StringComparison.Ordinal);
}

/// <summary>The secrets of one run, already fetched.</summary>
/// <param name="Credentials">As the supervisor reads them: JSON.</param>
/// <param name="JobKeys">Private SSH keys for jobs, by pool.</param>
internal sealed record DeploymentSecrets(
    ImmutableDictionary<GitHubCredential, Secret> Credentials, ImmutableDictionary<string, Secret> JobKeys);
