using System.Text.Json.Nodes;
using Supervisor.Cgroups;
using Supervisor.Control;
using Supervisor.Evidence;
using Supervisor.Slots;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Doubles;

/// <summary>A runner host for one test: the service in this process, with quick timing, on the machine's Docker Engine and a GitHub double.</summary>
internal sealed class RunnerHost : IAsyncDisposable
{
    public static readonly Timing Quick = new()
    {
        Tick = TimeSpan.FromMilliseconds(100),
        List = TimeSpan.FromMilliseconds(500),
        JanitorGrace = TimeSpan.FromSeconds(1.5),
        ShortLife = TimeSpan.FromSeconds(1),
        LongLife = TimeSpan.FromSeconds(20),
        VersionList = TimeSpan.FromSeconds(1),
        StartUp = TimeSpan.FromSeconds(6),
        FirstRetry = TimeSpan.FromSeconds(1),
        LocalRetry = TimeSpan.FromMilliseconds(500),
        ParkNotice = TimeSpan.FromSeconds(1),
        Farewell = TimeSpan.FromSeconds(3),
        BusyRetry = TimeSpan.FromMilliseconds(500),
    };

    private readonly DirectoryInfo directory = Directory.CreateTempSubdirectory("rbsv-host");
    private CancellationTokenSource stop = new();
    private Task<int> service = Task.FromResult(0);

    public RunnerHost()
    {
        File.WriteAllText(Path.Combine(directory.FullName, "github-1"), """{"token":"the-token"}""");
        Pool = new JsonObject
        {
            ["name"] = "default", ["api"] = GitHub.Address, ["scope"] = "orgs/acme", ["credential"] = "github-1", ["group"] = null,
            ["labels"] = new JsonArray("self-hosted", "linux"), ["image"] = RunnerImage.Name, ["docker"] = "none", ["cpus"] = null,
            ["memoryBytes"] = null, ["pids"] = 256, ["gpus"] = null, ["environment"] = new JsonObject(), ["slots"] = new JsonArray(Slot(1)),
        };
        WriteSettings();
    }

    public GitHubDouble GitHub { get; } = new();
    public string Name { get; } = $"rbsv-{Guid.NewGuid():N}"[..14];
    public JsonObject Pool { get; }

    /// <summary>Beside the first one, which <see cref="Another"/> copies.</summary>
    public List<JsonObject> MorePools { get; } = [];
    public string DockerSocket { get; init; } = "/var/run/docker.sock";
    public string StateDirectory => directory.FullName;

    // The disk of a test machine may be as full as it likes.
    public JsonObject Care { get; } = new() { ["diskWarnPercent"] = 100, ["diskParkPercent"] = 100 };
    public string SettingsPath => Path.Combine(directory.FullName, "supervisor.json");
    public string ComposePath => Path.Combine(directory.FullName, "docker-compose.yml");
    public string SocketPath => Path.Combine(directory.FullName, "control.sock");
    public ControlClient Control => new(SocketPath);
    public string? Metrics { get; set; }
    public HistoryFile History => new(directory.FullName);
    public StringWriter Log { get; } = new();

    public string Slot(int number) => $"{Name}-slot-{number}";

    public ServiceOptions Options => new()
    {
        Settings = SettingsPath, RuntimeDirectory = directory.FullName, StateDirectory = directory.FullName,
        CredentialsDirectory = directory.FullName, JournalSocket = Path.Combine(directory.FullName, "journal"),
        ComposeFile = ComposePath, Timing = Quick, DockerSocket = DockerSocket,
    };

    /// <summary>A pool like the first one with one slot of its own.</summary>
    public JsonObject Another(string name, int slot)
    {
        var pool = Pool.DeepClone().AsObject();
        (pool["name"], pool["slots"]) = (name, new JsonArray(Slot(slot)));
        MorePools.Add(pool);
        return pool;
    }

    public void WriteSettings() => File.WriteAllText(
        SettingsPath, new JsonObject { ["version"] = 1, ["host"] = Name, ["metrics"] = Metrics, ["care"] = Care.DeepClone(), ["pools"] = new JsonArray([Pool.DeepClone(), .. MorePools.Select(pool => pool.DeepClone())]) }.ToJsonString());

    public void SetSlots(int count) => Pool["slots"] = new JsonArray([.. Enumerable.Range(1, count).Select(number => (JsonNode)Slot(number))]);

    public void Start()
    {
        stop = new CancellationTokenSource();
        service = Task.Run(() => Service.RunAsync(Options, Log, stop.Token));
    }

    public async Task<int> StopAsync()
    {
        await stop.CancelAsync();
        return await service;
    }

    /// <summary>As a person on the host would.</summary>
    public async Task<(int Code, string Output, string Errors)> ControlAsync(params string[] args)
    {
        var (output, errors) = (new StringWriter(), new StringWriter());
        var code = await RunnerCtl.RunAsync([.. args, "--socket", SocketPath, "--state", directory.FullName], output, errors);
        return (code, output.ToString(), errors.ToString());
    }

    public async Task<SlotStatus> StatusAsync(int slot) => (await Control.StatusAsync()).Slots.Single(row => row.Name == Slot(slot));

    /// <summary>Waits for a slot to be as wanted; the error shows what it was last.</summary>
    public async Task<SlotStatus> UntilAsync(int slot, Func<SlotStatus, bool> wanted)
    {
        object last = "nothing";
        for (var end = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < end; await Task.Delay(50))
        {
            try
            {
                var status = await StatusAsync(slot);
                if (wanted(status))
                    return status;
                last = status;
            }
            catch (Exception fault) when (fault is ControlFault or InvalidOperationException)
            {
                last = fault.Message;
            }
        }
        throw new TimeoutException($"The slot did not become as wanted; last: {last}\n{Log}");
    }

    public Task<SlotStatus> UntilIdleAsync(int slot = 1) => UntilAsync(slot, status => status.State == "Idle");

    /// <summary>Lets the runner in a slot take a job.</summary>
    public async Task<SlotStatus> RunJobAsync(int slot, string job)
    {
        var idle = await UntilIdleAsync(slot);
        GitHub.Registrations[idle.RunnerId!.Value].Busy = true;
        await DockerAsync("exec", Slot(slot), "sh", "-c", $"echo '{job}' > /job.new && busybox mv /job.new /job");
        return await UntilAsync(slot, status => status.State == "Busy");
    }

    /// <summary>Ends the job that runs in a slot; GitHub drops the registration with it.</summary>
    public async Task EndJobAsync(SlotStatus busy)
    {
        GitHub.Registrations.TryRemove(busy.RunnerId!.Value, out _);
        await DockerAsync("exec", busy.Container!, "touch", "/done");
    }

    public async Task<string[]> ContainersAsync() =>
        (await DockerAsync("ps", "--all", "--quiet", "--no-trunc", "--filter", $"label=runnerbuild.host={Name}")).Split('\n', StringSplitOptions.RemoveEmptyEntries);

    public static async Task UntilAsync(Func<Task<bool>> condition, string what)
    {
        for (var end = DateTime.UtcNow.AddSeconds(30); DateTime.UtcNow < end; await Task.Delay(50))
        {
            if (await condition())
                return;
        }
        throw new TimeoutException($"It did not happen in 30 s: {what}");
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        var left = await ContainersAsync();
        if (left.Length > 0)
            await DockerAsync(["rm", "--force", "--volumes", .. left]);
        await JobDocker.RemoveAllAsync(Name);
        foreach (var group in Directory.GetDirectories("/sys/fs/cgroup", $"{Name}-*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }))
            CgroupFolders.Remove([group]);
        GitHub.Dispose();
        stop.Dispose();
        directory.Delete(recursive: true);
    }
}
