using Lab.Proxmox.Access;

namespace Lab.Proxmox.State;

/// <summary>All that the double remembers. It is read and changed under one lock, and written to its file after every change.</summary>
internal sealed class Cluster
{
    private readonly ClusterFile _file;
    private readonly Lock _lock = new();
    private readonly ClusterContent _content;

    public Cluster(ProxmoxOptions options)
    {
        _file = new(options.StateFile);
        _content = _file.Read() ?? ClusterContent.From(options);
        foreach (var task in _content.Tasks.Where(task => task.IsRunning))
            task.ExitStatus = "unexpected status";
        _file.Write(_content);
    }

    public IReadOnlyList<AclEntry> Acl => _content.Acl;

    /// <summary>Looks at the state; the result must not hold on to mutable parts of it.</summary>
    public T Read<T>(Func<ClusterContent, T> look)
    {
        lock (_lock)
            return look(_content);
    }

    /// <summary>Changes the state and saves it. An exception leaves the file as it was, so check before changing.</summary>
    public T Change<T>(Func<ClusterContent, T> change)
    {
        lock (_lock)
        {
            var result = change(_content);
            _file.Write(_content);
            return result;
        }
    }

    public void Change(Action<ClusterContent> change) =>
        Change(content =>
        {
            change(content);
            return true;
        });

    /// <summary>The pool of the guest that a path such as `/vms/250` names.</summary>
    public string? PoolOf(string path) =>
        path.StartsWith("/vms/", StringComparison.Ordinal) && int.TryParse(path["/vms/".Length..], out var vmId)
            ? Read(content => content.Guests.Find(guest => guest.VmId == vmId)?.Pool)
            : null;
}
