using System.ComponentModel;
using Supervisor.Configuration;
using Supervisor.Systemd;

namespace Supervisor.Evidence;

/// <summary>
/// How often jobs took an archive of an action since this program started. They have the folder read-only, so no file tells; the kernel does, also of what containers read
/// through their mounts. The runner program copies the archive that it takes: one opening, one closing.
/// </summary>
internal sealed class ArchiveReads(EventLog log) : IDisposable
{
    private readonly Lock gate = new();
    private readonly Dictionary<int, string> folders = [];
    private FolderEvents? events;
    private long taken;

    /// <summary>Null: it is not counted, most often because no pool has such a folder.</summary>
    public long? Taken => events is null ? null : Interlocked.Read(ref taken);

    /// <summary>Counts in the folders of these settings from now on.</summary>
    public void Use(SupervisorSettings settings)
    {
        foreach (var folder in settings.Pools.Select(pool => pool.ActionArchives).OfType<string>().Distinct())
        {
            try
            {
                events ??= new FolderEvents(Note);
                // First the folder: a repository that comes meanwhile is then told, or listed, or both.
                Watch(folder, FolderEvents.Created | FolderEvents.MovedTo);
                foreach (var repository in Directory.GetDirectories(folder))
                    WatchRepository(repository);
            }
            catch (Exception fault) when (fault is Win32Exception or IOException or UnauthorizedAccessException)
            {
                log.Warning("archives", $"How often jobs take archives of actions from {folder} is not counted: {fault.Message}");
            }
        }
    }

    // Of two closings in a row a slow reader would see one; with the openings between them they stay two.
    private void WatchRepository(string folder) => Watch(folder, FolderEvents.Opened | FolderEvents.ClosedUnwritten);

    private void Watch(string folder, uint kinds)
    {
        lock (gate)
            folders[events!.Watch(folder, kinds)] = folder;
    }

    private void Note(int watch, uint kinds, string name)
    {
        string? folder;
        lock (gate)
        {
            folder = folders.GetValueOrDefault(watch);
            if ((kinds & FolderEvents.WatchEnded) != 0)
                folders.Remove(watch);
        }

        if ((kinds & FolderEvents.ClosedUnwritten) != 0 && name.EndsWith(".tar.gz", StringComparison.Ordinal))
            Interlocked.Increment(ref taken);
        else if (folder is not null && (kinds & FolderEvents.IsFolder) != 0 && (kinds & (FolderEvents.Created | FolderEvents.MovedTo)) != 0)
            WatchNew(Path.Combine(folder, name));
    }

    private void WatchNew(string repository)
    {
        try
        {
            WatchRepository(repository);
        }
        catch (Win32Exception)
        {
            // It is gone again.
        }
    }

    public void Dispose() => events?.Dispose();
}
