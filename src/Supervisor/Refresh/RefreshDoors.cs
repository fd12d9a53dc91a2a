using System.Collections.Concurrent;
using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.Systemd;

namespace Supervisor.Refresh;

/// <summary>A door for each slot whose pool may ask for refreshes; its folder is mounted into the slot's containers, and no other pool's has one.</summary>
/// <param name="folder">Root's alone; what is in it is reached by whoever has it mounted.</param>
internal sealed class RefreshDoors(string folder, RefreshRun run, EventLog log) : IAsyncDisposable
{
    /// <summary>Where a job finds its door.</summary>
    public const string Mounted = "/run/runnerbuild-door";

    private readonly Dictionary<string, RefreshDoor> open = [];
    private readonly ConcurrentDictionary<string, string> knocked = [];
    private readonly List<Task> closing = [];

    /// <summary>The runner that is in a slot now; null: none, or it is not known yet.</summary>
    public Func<string, string?> RunnerIn { get; set; } = _ => null;

    /// <summary>Its job asks for a refresh or follows one, whoever had that begun; so no refresh should wait for the job.</summary>
    public bool IsFollowedBy(string slot, string? runner) => runner is not null && knocked.TryGetValue(slot, out var last) && last == runner;

    /// <summary>Opens and closes doors, as settings that are new say.</summary>
    public void Use(SupervisorSettings settings)
    {
        var wanted = settings.Pools.Where(pool => pool.RefreshDoor == true).SelectMany(pool => pool.Slots).ToHashSet(StringComparer.Ordinal);
        foreach (var slot in open.Keys.Except(wanted).ToList())
        {
            closing.Add(open[slot].DisposeAsync().AsTask());
            open.Remove(slot);
        }
        foreach (var slot in wanted.Except(open.Keys).ToList())
            Open(slot);
    }

    /// <summary>The same container with its slot's door, where its pool has one.</summary>
    public CreateContainer Into(CreateContainer container, MintOrder order) => order.Pool.RefreshDoor != true ? container : container with
    {
        HostConfig = container.HostConfig with { Binds = [.. container.HostConfig.Binds ?? [], $"{FolderOf(order.Slot)}:{Mounted}:ro"] },
    };

    private void Open(string slot)
    {
        try
        {
            Directory.CreateDirectory(folder, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
            open[slot] = new RefreshDoor(FolderOf(slot), () => Knocking(slot), run);
        }
        catch (Exception fault) when (fault is IOException or System.Net.Sockets.SocketException or UnauthorizedAccessException)
        {
            log.Warning(slot, $"its jobs cannot ask for a refresh: {fault.Message}");
        }
    }

    private string? Knocking(string slot)
    {
        var runner = RunnerIn(slot);
        if (runner is not null)
            knocked[slot] = runner;
        return runner;
    }

    private string FolderOf(string slot) => Path.Combine(folder, slot);

    public async ValueTask DisposeAsync()
    {
        foreach (var door in open.Values)
            await door.DisposeAsync();
        open.Clear();
        await Task.WhenAll(closing);
    }
}
