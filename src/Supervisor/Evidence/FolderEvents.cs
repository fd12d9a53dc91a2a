using System.Buffers.Binary;
using System.ComponentModel;
using System.Runtime.InteropServices;
using System.Text;
using Microsoft.Win32.SafeHandles;

namespace Supervisor.Evidence;

/// <summary>What the kernel says happens in folders (inotify(7)). .NET's own watcher does not tell that a file was closed.</summary>
internal sealed partial class FolderEvents : IDisposable
{
    public const uint ClosedUnwritten = 0x10, Opened = 0x20, MovedTo = 0x80, Created = 0x100, WatchEnded = 0x8000, IsFolder = 0x4000_0000;
    private const uint Deleted = 0x200, OnlyFolders = 0x0100_0000;
    private const int HeaderSize = 16, CloseOnExec = 0x80000;
    private readonly SafeFileHandle queue = Start(CloseOnExec);
    private readonly int alarm;
    private readonly Thread reading;
    private volatile bool stopped;

    /// <param name="happened">Called, on a thread of its own, with the watch, the kinds of event and the name in the folder.</param>
    /// <exception cref="Win32Exception">The machine has no more of them to give.</exception>
    public FolderEvents(Action<int, uint, string> happened)
    {
        if (queue.IsInvalid)
            throw new Win32Exception();
        // Its end is what wakes the thread for the last time.
        alarm = Watch("/", Deleted);
        reading = new Thread(() => Read(happened)) { IsBackground = true };
        reading.Start();
    }

    /// <returns>The watch's number, the same for the same folder.</returns>
    /// <exception cref="Win32Exception">It is no folder, or not to be read.</exception>
    public int Watch(string folder, uint kinds) => Add(queue, folder, kinds | OnlyFolders) is >= 0 and var watch ? watch : throw new Win32Exception();

    private void Read(Action<int, uint, string> happened)
    {
        Span<byte> buffer = stackalloc byte[4096];
        while (!stopped)
        {
            var events = buffer[..RandomAccess.Read(queue, buffer, 0)];
            while (events.Length >= HeaderSize)
            {
                var end = HeaderSize + (int)BinaryPrimitives.ReadUInt32LittleEndian(events[12..]);
                happened(BinaryPrimitives.ReadInt32LittleEndian(events), BinaryPrimitives.ReadUInt32LittleEndian(events[4..]), Encoding.UTF8.GetString(events[HeaderSize..end]).TrimEnd('\0'));
                events = events[end..];
            }
        }
    }

    public void Dispose()
    {
        stopped = true;
        _ = Remove(queue, alarm);
        reading.Join();
        queue.Dispose();
    }

    [LibraryImport("libc", EntryPoint = "inotify_init1", SetLastError = true)]
    private static partial SafeFileHandle Start(int flags);

    [LibraryImport("libc", EntryPoint = "inotify_add_watch", SetLastError = true, StringMarshalling = StringMarshalling.Utf8)]
    private static partial int Add(SafeFileHandle queue, string path, uint kinds);

    [LibraryImport("libc", EntryPoint = "inotify_rm_watch", SetLastError = true)]
    private static partial int Remove(SafeFileHandle queue, int watch);
}
