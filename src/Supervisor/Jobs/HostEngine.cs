using System.Collections.Concurrent;
using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.Jobs.Socket;
using Supervisor.Slots;
using Supervisor.Systemd;

namespace Supervisor.Jobs;

/// <summary>
/// <c>docker: socket</c>: jobs use this host's engine, through a socket of their own that knows what is theirs. The work folder is a
/// volume, mounted at the path that it has on the host, so that what a job mounts into its containers is the same there.
/// </summary>
internal sealed class HostEngine(DockerEngine engine, DockerLocations locations, DescriptorStore store, EventLog log) : JobEngine, IAsyncDisposable
{
    private const string FolderLabel = "runnerbuild.folder";
    private const string MountedSockets = "/run/runnerbuild";
    private const int RunnerUser = 1001;
    private readonly EngineInventory inventory = new(engine.Connection);
    private readonly ConcurrentDictionary<string, OpenJob> open = new();
    private readonly Lazy<Ledger> ledger = new(() => new Ledger(new EngineInventory(engine.Connection), locations.Ledger, log));
    private readonly SemaphoreSlim sweeping = new(1, 1);
    // What was warned of already.
    private readonly HashSet<string> told = [];

    public override async Task<CreateContainer> PrepareAsync(JobPlace job, CreateContainer plain, CancellationToken cancel)
    {
        foreach (var older in open.Values.Where(other => other.Job.Slot == job.Slot).ToList())
            await CloseAsync(older.Job.Runner);
        // Known before it has anything, so that no sweep takes it for an ended one's.
        open[job.Runner] = new OpenJob(job, "", null);
        await SweepAsync(null, cancel);
        var folder = await inventory.CreateVolumeAsync(job.Runner, JobLabels.Work, locations.Host, cancel);
        Open(job, folder);
        return plain with
        {
            Labels = new Dictionary<string, string>(plain.Labels) { [FolderLabel] = folder },
            HostConfig = plain.HostConfig with
            {
                Binds = [.. plain.HostConfig.Binds ?? [], $"{job.Runner}:{folder}", $"{SocketsOf(job)}:{MountedSockets}"],
                // The image's anonymous volume for an engine inside has no use here.
                Tmpfs = new Dictionary<string, string> { ["/var/lib/docker"] = "mode=755,size=1m" },
            },
        };
    }

    public override IEnumerable<ContainerFile> FilesFor(JobPlace job, PoolSettings pool)
    {
        yield return ContainerFile.Link("var/run/docker.sock", $"{MountedSockets}/{JobSocket.FileName}");
        yield return ContainerFile.Directory(WorkFolderOf(job)!.TrimStart('/'), RunnerUser);
    }

    public override string? WorkFolderOf(JobPlace job) => $"{open[job.Runner].Folder}/work";

    public override void Resume(JobPlace job, IReadOnlyDictionary<string, string> labels)
    {
        if (!open.ContainsKey(job.Runner) && labels.GetValueOrDefault(FolderLabel) is { } folder)
            Open(job, folder);
    }

    public override async Task CleanAsync(string runner, CancellationToken cancel)
    {
        await CloseAsync(runner);
        await SweepAsync(runner, cancel);
    }

    public override async Task ForgetAsync(string runner, CancellationToken cancel)
    {
        await CloseAsync(runner);
        await inventory.RemoveVolumeAsync(runner, cancel);
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var job in open.Values)
            await (job.Socket?.LeaveAsync() ?? ValueTask.CompletedTask);
        if (ledger.IsValueCreated)
            ledger.Value.Dispose();
        sweeping.Dispose();
    }

    private string SocketsOf(JobPlace job) => Path.Combine(locations.Sockets, job.Slot);

    private void Open(JobPlace job, string folder)
    {
        var directory = SocketsOf(job);
        var rules = new ContainerRules(job.Runner, job.CgroupParent, $"{folder}/work", $"{directory}/{JobSocket.FileName}", $"{folder}/externals");
        var externals = new Once(() => engine.CopyAsync(job.Slot, "/home/runner/externals", folder, CancellationToken.None));
        var conversation = new Conversation(job, rules, inventory, ledger.Value, locations.EngineSocket, externals.DoneAsync);
        open[job.Runner] = new OpenJob(job, folder, new JobSocket(directory, job.Runner, store, conversation.AnswerAsync));
    }

    private async Task CloseAsync(string runner)
    {
        if (open.TryRemove(runner, out var job) && job.Socket is { } socket)
            await socket.DisposeAsync();
    }

    // Looks at what is there, not at what was remembered: so it also finds what was left when this program or the host went down.
    /// <param name="ended">The job that is cleaned up after: what is still in use of it is a fault; what is of others is theirs to wait for.</param>
    private async Task SweepAsync(string? ended, CancellationToken cancel)
    {
        await sweeping.WaitAsync(cancel);
        try
        {
            var live = open.Keys.ToHashSet();
            foreach (var runner in store.Names.Where(runner => !live.Contains(runner)).ToList())
                store.Forget(runner);
            bool IsOver(IReadOnlyDictionary<string, string>? labels) =>
                labels?.GetValueOrDefault(JobLabels.Job) is { } runner && RunnerName.IsOf(locations.Host, runner) && !live.Contains(runner);

            foreach (var container in (await engine.ListAsync(JobLabels.Job, cancel)).Where(container => IsOver(container.Labels)))
                await engine.RemoveAsync(container.Id, cancel);
            var stuck = new List<(string Runner, string Thing)>();
            foreach (var network in (await inventory.NetworksAsync(JobLabels.Job, cancel)).Where(network => IsOver(network.Labels)))
            {
                if (!await inventory.RemoveNetworkAsync(network.Id, cancel))
                    stuck.Add((network.Labels![JobLabels.Job], $"the network {network.Name}"));
            }
            foreach (var volume in (await inventory.VolumesAsync(JobLabels.Job, cancel)).Where(volume => IsOver(volume.Labels)))
            {
                if (!await inventory.RemoveVolumeAsync(volume.Name, cancel))
                    stuck.Add((volume.Labels![JobLabels.Job], $"the volume {volume.Name}"));
            }
            foreach (var volume in await inventory.VolumesAsync($"{JobLabels.Work}={locations.Host}", cancel))
            {
                // That of a job which has just ended goes with its container.
                if (!live.Contains(volume.Name))
                    await inventory.RemoveVolumeAsync(volume.Name, cancel);
            }
            await ledger.Value.SweepAsync(live, cancel);
            foreach (var (runner, left) in stuck.Where(left => left.Runner != ended && told.Add(left.Thing)))
                log.Warning("service", $"{left}, which the ended job of {runner} made, is still in use on this host and stays until it is not");
            if (stuck.Find(left => left.Runner == ended).Thing is { } thing)
                throw new DockerFault(System.Net.HttpStatusCode.Conflict, $"{thing}, which an ended job made, is still in use on this host");
        }
        finally
        {
            sweeping.Release();
        }
    }

    /// <param name="Folder">The job's volume, at the same path on the host and in its container.</param>
    /// <param name="Socket">Null while it is being made ready.</param>
    private sealed record OpenJob(JobPlace Job, string Folder, JobSocket? Socket);
}
