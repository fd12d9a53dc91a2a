using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Supervisor.Cgroups;
using Supervisor.Configuration;
using Supervisor.Control;
using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.GitHub;
using Supervisor.Jobs;
using Supervisor.Refresh;
using Supervisor.Slots;
using Supervisor.Systemd;

namespace Supervisor;

/// <summary>Where the service finds and keeps its things; the defaults are systemd's for this unit.</summary>
internal sealed record ServiceOptions
{
    public string Settings { get; init; } = "/etc/github-runners/supervisor.json";
    public string RuntimeDirectory { get; init; } = "/run/github-runners";
    public string StateDirectory { get; init; } = "/var/lib/github-runners";
    public string? CredentialsDirectory { get; init; }
    public string JournalSocket { get; init; } = Journal.DefaultSocket;
    public string ComposeFile { get; init; } = "/opt/github-runners/docker-compose.yml";
    public string DockerSocket { get; init; } = "/var/run/docker.sock";
    public RefreshPlaces Refresh { get; init; } = new();
    public Timing Timing { get; init; } = new();

    public static ServiceOptions FromEnvironment() => new()
    {
        RuntimeDirectory = Environment.GetEnvironmentVariable("RUNTIME_DIRECTORY") ?? "/run/github-runners",
        StateDirectory = Environment.GetEnvironmentVariable("STATE_DIRECTORY") ?? "/var/lib/github-runners",
        CredentialsDirectory = Environment.GetEnvironmentVariable("CREDENTIALS_DIRECTORY"),
        DockerSocket = DockerConnection.SocketFromEnvironment(),
    };
}

/// <summary>The service from start to stop. Exit codes: 0 stopped, 1 could not start, 2 settings that cannot be used.</summary>
internal static class Service
{
    public static async Task<int> RunAsync(ServiceOptions options, TextWriter output, CancellationToken stop)
    {
        using var journal = new Journal(options.JournalSocket);
        var log = new EventLog(output, Journal.HasOutput ? journal : null);
        try
        {
            Directory.CreateDirectory(options.RuntimeDirectory);
            Directory.CreateDirectory(options.StateDirectory);
            using var held = HostLock.TryTake(Path.Combine(options.RuntimeDirectory, "lock"));
            if (held is null)
            {
                log.Error("service", $"Another supervisor already serves this host (it holds {options.RuntimeDirectory}/lock): systemctl status github-docker-runners.");
                return 1;
            }
            await ServeAsync(options, SettingsFile.Load(options.Settings), journal, log, stop);
            return 0;
        }
        catch (SettingsProblem problem)
        {
            log.Error("service", problem.Message);
            return 2;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            log.Error("service", $"The service cannot start: {fault.Message}");
            return 1;
        }
    }

    private static async Task ServeAsync(ServiceOptions options, LoadedSettings settings, Journal journal, EventLog log, CancellationToken stop)
    {
        var clock = TimeProvider.System;
        using var docker = new DockerConnection(options.DockerSocket);
        using var github = new GitHubConnection(options.Timing.GitHubDeadline, clock);
        using var notifier = ServiceNotifier.FromEnvironment();
        using var socket = new ControlSocket(Path.Combine(options.RuntimeDirectory, "control.sock"));

        var credentials = new Credentials(options.CredentialsDirectory, new AppTokens(github, clock));
        var engine = new DockerEngine(docker);
        await using var jobs = new JobEngines(engine, new DockerLocations(
            settings.Settings.Host, options.DockerSocket, Path.Combine(options.RuntimeDirectory, "jobs"), Path.Combine(options.StateDirectory, "docker-ledger.json")), DescriptorStore.FromEnvironment(), log);
        using var compose = new ComposeFile(options.ComposeFile, log);
        await using var doors = new RefreshDoors(Path.Combine(options.RuntimeDirectory, "doors"), new RefreshRun(options.Refresh), log);
        using var archives = new ArchiveReads(log);
        var host = new Installation(
            engine, jobs, new JobGroups(new EngineInventory(docker), settings.Settings.Host, new SystemdSlices(), log), compose, doors, archives, new RunnerApi(github, credentials), options.Timing, clock, HashOfThisProgram(), settings);
        doors.RunnerIn = slot => host.Status.Slots.FirstOrDefault(row => row.Name == slot)?.Runner;
        doors.Use(settings.Settings);
        archives.Use(settings.Settings);
        var drained = new DrainedSlots(Path.Combine(options.StateDirectory, "drained"));
        var table = new SlotTable(drained);
        table.Apply(settings);
        await using var evidence = new JobEvidence(options.StateDirectory, new JobTimes(github, credentials, clock), journal, log);
        using var metrics = new MetricsEndpoint(() => Metrics.Of(host.Status, evidence.Tally, github.Budget, clock.GetUtcNow()), log);
        metrics.Use(settings.Settings.Metrics);
        using var reconciler = new Reconciler(host, table, evidence, log, notifier);
        var commands = new Commands(host, table, drained, credentials, reconciler, metrics, options.Settings, log, notifier);

        using var hangup = PosixSignalRegistration.Create(PosixSignal.SIGHUP, signal =>
        {
            signal.Cancel = true;
            reconciler.Post(() => commands.Reload());
        });
        log.Information("service", $"serving {table.All.Count} slots as {settings.Settings.Host}");
        using var ending = new CancellationTokenSource();
        var serving = socket.ServeAsync(commands.AnswerAsync, log, ending.Token);
        await reconciler.RunAsync(stop);
        await ending.CancelAsync();
        await serving;
    }

    private static string HashOfThisProgram()
    {
        // The file by that name may be the next program already.
        using var program = File.OpenRead("/proc/self/exe");
        return Convert.ToHexStringLower(SHA256.HashData(program));
    }
}
