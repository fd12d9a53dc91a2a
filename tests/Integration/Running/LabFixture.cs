using System.Net;
using System.Net.Http.Headers;
using global::Lab.Tests.Proxmox;
using RunnerBuild;
using RunnerBuild.Config;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Terminal;
using RunnerBuild.Verifying;

namespace Integration.Running;

/// <summary>A lab of the tests' own with the files of one fleet. What an earlier, killed run left of it goes first, and all of it at the end.</summary>
public sealed class LabFixture : IAsyncLifetime
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "runnerbuild-integration");
    private static readonly string State = Path.Combine(Folder, "lab");

    internal const string Name = "rbit-lab";

    /// <summary>Where the program is started as people start it.</summary>
    internal static readonly string Root = Path.Combine(Folder, "root");

    private readonly StringWriter _said = new();

    /// <summary>Everything that runs have printed so far.</summary>
    internal string Said => _said.ToString();

    /// <summary>Whether the fleet was ever brought about; without it nothing that comes after means anything.</summary>
    internal bool Converged { get; set; }

    internal RecordingProxy Proxmox { get; private set; } = null!;

    internal RecordingProxy GitHub { get; private set; } = null!;

    internal LabClient Lab { get; } = new($"http://127.0.0.1:{FleetText.ControlPort}");

    internal string Token => File.ReadAllText(FileOf("planted-token")).Trim();

    public async ValueTask InitializeAsync()
    {
        await DownAsync();
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var up = await LocalProgram.DotNetAsync(
            Repository.Lab, "up", "--state", State, "--name", Name, "--subnet", FleetText.Subnet, "--proxmox-port", $"{FleetText.ProxmoxPort}",
            "--github-port", $"{FleetText.GitHubPort}", "--registry-port", $"{FleetText.RegistryPort}", "--control-port", $"{FleetText.ControlPort}",
            "--repository", Repository.Root);
        up.ExitCode.ShouldBe(0, up.Output);
        Proxmox = await RecordingProxy.StartAsync(
            new IPEndPoint(IPAddress.Loopback, FleetText.ProxmoxProxyPort), (await File.ReadAllTextAsync(Path.Combine(State, "proxmox.fingerprint"))).Trim(),
            $"https://127.0.0.1:{FleetText.ProxmoxPort}");
        GitHub = await RecordingProxy.StartAsync(
            new IPEndPoint(IPAddress.Parse(FleetText.Gateway), FleetText.GitHubProxyPort), null, $"http://127.0.0.1:{FleetText.GitHubPort}");
        ProgramRoot.Make(Root, State);
        Write("proxy.fingerprint", Proxmox.Fingerprint);
        Write("planted-token", await File.ReadAllTextAsync(Path.Combine(State, "github-token")));
    }

    public async ValueTask DisposeAsync()
    {
        if (Proxmox is not null)
            await Proxmox.DisposeAsync();
        if (GitHub is not null)
            await GitHub.DisposeAsync();
        Lab.Dispose();
        if (Path.Combine(State, "proxmox-requests.jsonl") is var requests && File.Exists(requests))
            JudgedRequests.Add("9.1", await File.ReadAllLinesAsync(requests));
        await DownAsync();
    }

    internal string FileOf(string name) => Path.Combine(Folder, name);

    internal string Write(string name, string text)
    {
        var file = FileOf(name);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, text + "\n");
        return file;
    }

    internal void Copy(string from, string name)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(FileOf(name))!);
        File.Copy(from, FileOf(name), overwrite: true);
    }

    /// <summary>All four targets, one after the other, as the build runs them: a host that fails is left out of those that follow.</summary>
    internal Task<Run> RunAsync(string text, bool dryRun = false, params string[] limit) => RunAsync(text, OptionsOf(dryRun, limit));

    internal Task<Run> RunAsync(string text, RunOptions options) =>
        WalkAsync(text, options, site => [() => Converge(site, site.Machines), () => Converge(site, site.Bootstrap), () => Converge(site, site.Image), () => Converge(site, site.Runners)]);

    /// <summary>What one target does, and says.</summary>
    internal Task<Run> RunAsync(string text, RunOptions options, Func<Site, Task<string>> target) => WalkAsync(text, options, site => [() => target(site)]);

    internal static RunOptions OptionsOf(bool dryRun = false, params string[] limit) => new(Repository.Root, [.. limit], dryRun, null);

    private static Task<string> Converge(Site site, RunnerBuild.Stages.Stage stage) => site.ConvergeAsync(stage, TestContext.Current.CancellationToken);

    private async Task<Run> WalkAsync(string text, RunOptions options, Func<Site, Func<Task<string>>[]> targets)
    {
        await using var site = Open(text, options, out var printed);
        var summaries = new List<string>();
        var faults = new List<RunnerBuildException>();
        foreach (var target in targets(site))
        {
            try
            {
                summaries.Add(await target());
            }
            catch (RunnerBuildException fault)
            {
                faults.Add(fault);
            }
        }

        return new Run([.. summaries], [.. faults], Keep(printed), site.FoundChanges);
    }

    internal async Task<IReadOnlyList<Check>> VerifyAsync(bool onlyLook)
    {
        await using var site = Open(FleetText.Text, OptionsOf(), out var printed);
        var checks = await Verification.RunAsync(site, onlyLook, TestContext.Current.CancellationToken);
        CheckTable.Write(printed, checks, false);
        Keep(printed);
        return checks;
    }

    /// <summary>Runs a bash script as root on a host, over the connection that the program itself would use.</summary>
    internal async Task<string> OnHostAsync(string host, string script)
    {
        var fleets = new[] { "fleet.yml", "changed.yml", "nightly.yml" }.Select(FileOf).Where(File.Exists).Select(FleetFile.Read);
        var fleet = fleets.First(fleet => fleet.Hosts.Any(entry => entry.Name == host));
        await using var machine = await SshConnection.OpenAsync(
            fleet.Hosts.Single(entry => entry.Name == host).Ssh, null, new HostKeyPins(fleet.KnownHosts), null, TestContext.Current.CancellationToken);
        return await machine.CheckAsync("A test's question", script, [], null, TestContext.Current.CancellationToken);
    }

    /// <summary>Proxmox's API, with the token that the fleet uses.</summary>
    internal HttpClient ProxmoxClient()
    {
        var client = new HttpClient(new HttpClientHandler
        {
            ServerCertificateCustomValidationCallback = (_, shown, _, _) => global::Lab.Proxmox.ProxmoxCertificate.Fingerprint(shown!) == Proxmox.Fingerprint,
        })
        {
            BaseAddress = new Uri($"https://127.0.0.1:{FleetText.ProxmoxProxyPort}/api2/json/"),
        };
        client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"PVEAPIToken=root@pam!runnerbuild={File.ReadAllText(FileOf("lab/proxmox-token")).Trim()}");
        return client;
    }

    /// <summary>GitHub's REST API, with the token that the fleet uses, and past the proxy.</summary>
    internal HttpClient GitHubClient()
    {
        var client = new HttpClient { BaseAddress = new Uri($"http://127.0.0.1:{FleetText.GitHubPort}/api/v3/") };
        client.DefaultRequestHeaders.UserAgent.Add(new ProductInfoHeaderValue("tests", "1"));
        client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", Token);
        return client;
    }

    /// <summary>Waits until every slot waits for a job: after one, a new runner takes a moment.</summary>
    internal Task SettleAsync() => SettleAsync(("west", 3), ("east", 4));

    internal async Task SettleAsync(params (string Host, int Slots)[] hosts)
    {
        foreach (var (host, slots) in hosts)
            await Eventually.Async(
                () => OnHostAsync(host, "/opt/github-runners/bin/runnerctl status --json 2>&1 || true"), status => status.Split("\"Idle\"").Length == slots + 1, TimeSpan.FromSeconds(60));
    }

    private Site Open(string text, RunOptions options, out StringWriter printed)
    {
        printed = new StringWriter();
        // One file for all: a host key that was learned must not depend on which fleet text was used.
        var fleet = FleetFile.Read(Write(text == FleetText.Text ? "fleet.yml" : "changed.yml", text));
        return new Site(fleet, options, new SecretStore(new Dictionary<string, string>()), new Report(printed, false, true));
    }

    private string Keep(StringWriter printed)
    {
        _said.Write(printed);
        TestContext.Current.TestOutputHelper?.Write(printed.ToString());
        return printed.ToString();
    }

    private static async Task DownAsync()
    {
        var down = await LocalProgram.DotNetAsync(Repository.Lab, "down", "--state", State);
        down.ExitCode.ShouldBe(0, down.Output);
        if (Directory.Exists(Folder))
            Directory.Delete(Folder, recursive: true);
    }
}

/// <summary>What came of one run of the four targets.</summary>
/// <param name="Summaries">Of the targets that did not fail, in order.</param>
internal sealed record Run(IReadOnlyList<string> Summaries, IReadOnlyList<RunnerBuildException> Faults, string Output, bool FoundChanges);
