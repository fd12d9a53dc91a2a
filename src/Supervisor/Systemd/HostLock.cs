namespace Supervisor.Systemd;

/// <summary>Held for as long as this supervisor runs, so that two never serve the same slots. The kernel releases it with the process.</summary>
internal sealed class HostLock : IDisposable
{
    private readonly FileStream file;

    private HostLock(FileStream file) => this.file = file;

    /// <returns>Null when another process holds it.</returns>
    public static HostLock? TryTake(string path)
    {
        try
        {
            // .NET implements FileShare.None with flock(2).
            return new HostLock(new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None));
        }
        catch (IOException fault) when (fault is not (DirectoryNotFoundException or FileNotFoundException or PathTooLongException))
        {
            return null;
        }
    }

    public void Dispose() => file.Dispose();
}
