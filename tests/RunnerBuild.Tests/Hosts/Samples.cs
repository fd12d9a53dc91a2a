using System.Collections.Immutable;
using System.Net;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote;
using OperatingSystem = RunnerBuild.Facts.OperatingSystem;

namespace RunnerBuild.Tests.Hosts;

/// <summary>A small fleet's host and a freshly installed machine, to vary from.</summary>
internal static class Samples
{
    public const string Nonce = "nonce";
    public const string Image = "runnerbuild/runner:0123456789ab";

    public static GitHubCredential Credential { get; } = new GitHubCredential.Token(new SecretReference.FromEnvironment("GITHUB_TOKEN"));

    public static GitHubScope Scope { get; } = new(ScopeKind.Organization, "acme", new Uri("https://github.com"), Credential);

    public static Pool Pool { get; } = new(
        "default", Scope, 2, ["self-hosted", "linux"], null, 2, 4096, null, null, 2048, DockerMode.Dind, null,
        ImmutableSortedDictionary<string, string>.Empty, null, [], null);

    public static EngineSettings Engine { get; } = new(EngineSource.Distribution, [], "https://registry-1.docker.io", [], [], null);

    public static HostCare Care { get; } = new(80, 90, null, null, null);

    public static Host Host { get; } = new(
        "gh-1", new SshAccess(IPAddress.Loopback.ToString(), 22, "debian", "/key", null, []), null, Engine, Care, [Pool]);

    public static HostFacts BareMachine { get; } = new(
        new OperatingSystem("debian", "13", "trixie"), "amd64", new DiskSpace(64L << 30, 50L << 30), TimeSpan.Zero, "kvm", "", 1500,
        CloudInit.Done, ImmutableDictionary<string, string>.Empty, ImmutableDictionary<string, Account>.Empty, ImmutableDictionary<string, FileFact>.Empty,
        ImmutableDictionary<string, UnitFact>.Empty, null, [], [], null);

    public static DeploymentSecrets Secrets(string token = "ghp_secret_of_the_sample_fleet") => new(
        ImmutableDictionary<GitHubCredential, Secret>.Empty.Add(Credential, new Secret(token)), ImmutableDictionary<string, Secret>.Empty);

    /// <summary>The machine as it is once all that is wanted was made on it.</summary>
    public static HostFacts With(this HostFacts facts, IEnumerable<HostResource> resources, double now = 1000)
    {
        foreach (var resource in resources)
        {
            facts = resource switch
            {
                Packages packages => facts with { Packages = facts.Packages.SetItems(packages.Names.Select(name => KeyValuePair.Create(name, "1.0"))) },
                SystemAccount account => facts with
                {
                    Accounts = facts.Accounts.SetItem(account.Name, new Account(account.Number, account.Number, account.Home, [account.Name])),
                },
                HostDirectory directory => facts.WithFile(directory.Path, new FileFact(FileKind.Directory, directory.Mode, directory.Owner, "", 0)),
                HostFile file => facts.WithFile(file.Path, new FileFact(FileKind.File, file.Mode, file.Owner, file.Content.HashWith(Nonce), now, (file.Content as FileContent.Plain)?.Value)),
                HostLink link => facts.WithFile(link.Path, new FileFact(FileKind.Link, "", "", link.Target, 0)),
                Unit unit => facts with
                {
                    Supervisor = unit.Build is { } build ? new SupervisorStatus(build, "", []) : facts.Supervisor,
                    Units = facts.Units.SetItem(unit.Name, new UnitFact(unit.Active ? "active" : "inactive", "enabled", false, now + 1)),
                },
                _ => throw new InvalidOperationException(resource.GetType().Name),
            };
        }

        return facts;
    }

    public static HostFacts WithFile(this HostFacts facts, string path, FileFact file) => facts with { Files = facts.Files.SetItem(path, file) };
}
