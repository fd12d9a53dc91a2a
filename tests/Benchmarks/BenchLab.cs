using System.Net.Http.Json;
using Lab.GitHub;
using RunnerBuild;
using RunnerBuild.Config;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Terminal;

namespace Benchmarks;

/// <summary>A lab with one host, taken down at the end.</summary>
internal sealed class BenchLab : IAsyncDisposable
{
    private static readonly string Folder = Path.Combine(Path.GetTempPath(), "runnerbuild-benchmarks");
    private static readonly string State = Path.Combine(Folder, "lab");
    private static readonly string Repository = Above(AppContext.BaseDirectory);
    private readonly HttpClient http = new() { BaseAddress = new Uri("http://127.0.0.1:27081") };

    public static async Task<BenchLab> StartAsync(CancellationToken cancel)
    {
        await RunAsync(cancel, "down", "--state", State);
        Directory.CreateDirectory(Folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        await RunAsync(
            cancel, "up", "--state", State, "--name", "rbbench-lab", "--subnet", "198.18.99.0/24", "--proxmox-port", "27006", "--github-port", "27080",
            "--registry-port", "27000", "--control-port", "27081", "--repository", Repository);
        return new BenchLab();
    }

    /// <summary>Brings the one host about with these pools, one a line.</summary>
    public async Task DeployAsync(string pools, CancellationToken cancel)
    {
        var file = Path.Combine(Folder, "fleet.yml");
        await File.WriteAllTextAsync(file, Fleet.Replace("@POOLS@", pools.ReplaceLineEndings("\n      "), StringComparison.Ordinal), cancel);
        await using var site = new Site(
            FleetFile.Read(file), new RunOptions(Repository, [], false, null), new SecretStore(new Dictionary<string, string>()), new Report(Console.Error, false, false));
        foreach (var stage in new RunnerBuild.Stages.Stage[] { site.Machines, site.Bootstrap, site.Image, site.Runners })
            await site.ConvergeAsync(stage, cancel);
    }

    /// <summary>Queues a job; <see cref="EndAsync"/> waits for it.</summary>
    public async Task<long> QueueAsync(string script, string label, CancellationToken cancel)
    {
        using var response = await http.PostAsJsonAsync("jobs", new { script, labels = new[] { label } }, cancel);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Queued>(cancel))!.Id;
    }

    public async Task<Job> EndAsync(long id, CancellationToken cancel)
    {
        while (true)
        {
            var job = (await http.GetFromJsonAsync<Job>($"jobs/{id}", cancel))!;
            if (job.Status == "completed")
                return job;
            await Task.Delay(100, cancel);
        }
    }

    public async Task<IReadOnlyList<Runner>> RunnersAsync(CancellationToken cancel) => (await http.GetFromJsonAsync<Runner[]>("github/runners", cancel))!;

    /// <summary>Runs a bash script as root on the host.</summary>
    public static async Task<string> OnHostAsync(string script, CancellationToken cancel)
    {
        var fleet = FleetFile.Read(Path.Combine(Folder, "fleet.yml"));
        await using var machine = await SshConnection.OpenAsync(fleet.Hosts[0].Ssh, null, new HostKeyPins(fleet.KnownHosts), null, cancel);
        return await machine.CheckAsync("A benchmark's question", script, [], null, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await RunAsync(CancellationToken.None, "down", "--state", State);
        Directory.Delete(Folder, recursive: true);
    }

    private static async Task RunAsync(CancellationToken cancel, params string[] arguments)
    {
        var dotnet = Environment.GetEnvironmentVariable("DOTNET_EXE") ?? "dotnet";
        var (exitCode, output) = await LocalProcess.RunAsync(dotnet, ["exec", Path.Combine(AppContext.BaseDirectory, "Lab.dll"), .. arguments], Repository, Console.Error.WriteLine, cancel);
        if (exitCode != 0)
            throw new InvalidOperationException(output);
    }

    private static string Above(string directory) =>
        File.Exists(Path.Combine(directory, "RunnerBuild.sln")) ? directory : Above(Path.GetDirectoryName(directory)!);

    private sealed record Queued(long Id);

    private const string Fleet = """
        lab:
          subnet: 198.18.99.0/24
          ports: { proxmox: 27006, github: 27080, registry: 27000 }
        github: { org: acme, url: "http://198.18.99.1:27080", credential: { file: lab/github-token } }
        proxmox:
          url: https://127.0.0.1:27006
          token: { id: root@pam!runnerbuild, secret: { file: lab/proxmox-token } }
          fingerprintFile: lab/proxmox.fingerprint
        knownHosts: lab/known_hosts
        defaults:
          ssh: { user: debian, key: lab/id_ed25519 }
          vm: { node: pve, template: 9999, cores: 2, memory: 8G, disk: 20G, gateway: 198.18.99.1, sshKeys: [ { file: lab/id_ed25519.pub } ] }
          engine: { insecureRegistries: ["198.18.99.1:27000"], pullThrough: "http://198.18.99.1:27000" }
        hosts:
          bench:
            vm: { vmid: 250, ip: 198.18.99.11/24 }
            pools:
              @POOLS@
        image:
          base: 198.18.99.1:27000/library/debian:trixie
          runner: { version: latest }
          source: http://198.18.99.1:27080/api/v3
        """;
}
