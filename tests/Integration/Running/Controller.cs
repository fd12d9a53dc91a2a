using System.Runtime.InteropServices;
using Docker.DotNet.Models;
using DotNet.Testcontainers.Builders;
using DotNet.Testcontainers.Configurations;
using Integration.Containers;

namespace Integration.Running;

/// <summary>A machine that has the project and a fleet file, and is that fleet's only host. People work on it with `./build.sh`, and a test does here.</summary>
public sealed class Controller(LabFixture lab) : IAsyncLifetime
{
    /// <summary>In the fleet.</summary>
    internal const string Host = "alone";

    internal const string Fleet = "/root/nightly.yml";

    private static readonly string[] Parts = [.. ProgramRoot.Shared, "build", "build.sh", "docs", ".nuke/parameters.json"];
    private static readonly string Sdk = Path.GetFullPath("../../..", RuntimeEnvironment.GetRuntimeDirectory());
    private static readonly string Packages =
        Environment.GetEnvironmentVariable("NUGET_PACKAGES") ?? Path.Combine(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".nuget", "packages");

    private readonly List<NextRelease> _releases = [];
    private PlainHost _machine = null!;

    /// <summary>How far the station has come: nothing that comes after means anything without it.</summary>
    internal bool Installed { get; set; }

    /// <summary>Everything that is secret there.</summary>
    internal string[] Secrets => [lab.Token, File.ReadAllLines(lab.FileOf("lab/id_ed25519"))[3]];

    public async ValueTask InitializeAsync()
    {
        var cancel = TestContext.Current.CancellationToken;
        _machine = await PlainHost.StartAsync(await VmImages.AnyAsync(cancel), await File.ReadAllTextAsync(lab.FileOf("lab/id_ed25519.pub"), cancel), cancel, InTheLab);
        await _machine.RunAsync($"cat >{Fleet} <<'end'\n{FleetText.Nightly(_machine.HostKey)}\nend");
        var port = $":{FleetText.GitHubProxyPort}";
        await _machine.RunAsync($"systemd-run --quiet --unit=github --socket-property=ListenStream=127.0.0.1{port} /usr/lib/systemd/systemd-socket-proxyd {FleetText.Gateway}{port}");
        // The project is where it is on this machine: what was compiled for that path needs no compiling.
        await _machine.RunAsync(
            $"set -e; ln -s {Sdk}/dotnet /usr/local/bin/; mkdir -p {Repository.Root}; cd /mnt/project; cp -a --parents {string.Join(' ', Parts)} {Repository.Root}/");
        // For looking at it as at the lab's own hosts.
        lab.Write("nightly.yml", FleetText.Nightly(_machine.HostKey));
    }

    private ContainerBuilder InTheLab(ContainerBuilder machine) => machine
        .WithNetwork(LabFixture.Name)
        .WithCreateParameterModifier(create => create.NetworkingConfig!.EndpointsConfig[LabFixture.Name].IPAMConfig = new EndpointIPAMConfig { IPv4Address = FleetText.Alone })
        .WithBindMount(Repository.Root, "/mnt/project", AccessMode.ReadOnly)
        .WithBindMount(Sdk, Sdk, AccessMode.ReadOnly)
        .WithBindMount(Packages, Packages, AccessMode.ReadOnly)
        // Where nobody has run `./build.sh` since something changed, it compiles there, and the machine has no ICU.
        .WithEnvironment("DOTNET_SYSTEM_GLOBALIZATION_INVARIANT", "1").WithEnvironment("NUGET_PACKAGES", Packages)
        .WithResourceMapping(new FileInfo(lab.FileOf("lab/id_ed25519")), "/root/lab/", fileMode: UnixFileModes.UserRead);

    /// <summary>`./build.sh` with the fleet's file, as its owner has it: the credential in the environment of a shell.</summary>
    internal Task<Ended> BuildAsync(string target, string options = "") =>
        _machine.TryAsync($"cd {Repository.Root} && GITHUB_TOKEN={lab.Token} ./build.sh {target} --fleet {Fleet} {options}");

    /// <summary>A release of the runner program comes out, and stays until the station is over.</summary>
    internal void Release(string version) => _releases.Add(NextRelease.In(lab.FileOf("lab/releases"), version));

    internal Task<string> RunAsync(string script) => _machine.RunAsync(script);

    internal Task<Ended> TryAsync(string script) => _machine.TryAsync(script);

    public async ValueTask DisposeAsync()
    {
        if (_machine is not null)
            await _machine.DisposeAsync();
        await VmImages.RemoveAsync();
        foreach (var release in _releases)
            release.Dispose();
        File.Delete(lab.FileOf("nightly.yml"));
        using var github = lab.GitHubClient();
        foreach (var runner in (await lab.Lab.RunnersAsync()).Where(runner => runner.Name.StartsWith($"{Host}-", StringComparison.Ordinal)))
            await github.DeleteAsync($"orgs/acme/actions/runners/{runner.Id}");
    }
}
