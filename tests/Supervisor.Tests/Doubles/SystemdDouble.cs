using System.Diagnostics;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Supervisor.Tests.Doubles;

/// <summary>What systemd does with a service's descriptor store: takes sockets with their names, and hands them to the next process.</summary>
internal sealed partial class SystemdDouble : IDisposable
{
    private readonly Socket socket = new(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
    private readonly Dictionary<string, SafeSocketHandle> store = [];
    private readonly Lock gate = new();

    public SystemdDouble()
    {
        socket.Bind(new UnixDomainSocketEndPoint(Address));
        _ = Task.Run(Receive);
    }

    public string Address { get; } = Path.Combine(Path.GetTempPath(), $"rbsv-{Guid.NewGuid():N}.notify");

    public string[] Names
    {
        get
        {
            lock (gate)
                return [.. store.Keys.Order(StringComparer.Ordinal)];
        }
    }

    /// <summary>The way in which a shell starts a program with what is stored, as systemd would.</summary>
    public ProcessStartInfo Starting(string program, params string[] arguments)
    {
        lock (gate)
        {
            var begin = new StringBuilder();
            var descriptor = 3;
            foreach (var handle in store.Values)
            {
                // Inherited by the shell, which gives it its number. Numbers above 9 would need another shell.
                var copy = Duplicate((int)handle.DangerousGetHandle(), 0, 20);
                begin.Append($"exec {descriptor++}<&{copy} {copy}<&-; ");
            }
            var script = $"{begin}export LISTEN_PID=$$ LISTEN_FDS={store.Count} LISTEN_FDNAMES={string.Join(':', store.Keys)}; exec \"$0\" \"$@\"";
            return new ProcessStartInfo("bash", ["-c", script, program, .. arguments]) { RedirectStandardOutput = true, Environment = { ["NOTIFY_SOCKET"] = Address } };
        }
    }

    public void Dispose()
    {
        // Wakes the one who receives.
        socket.SendTo([], new UnixDomainSocketEndPoint(Address));
        socket.Dispose();
        File.Delete(Address);
        foreach (var handle in store.Values)
            handle.Dispose();
    }

    private unsafe void Receive()
    {
        var bytes = stackalloc byte[4096];
        var control = stackalloc nuint[3];
        while (true)
        {
            var part = new Part { Base = bytes, Length = 4096 };
            var message = new Message { Parts = &part, PartCount = 1, Control = control, ControlLength = 24 };
            var length = ReceiveMessage((int)socket.SafeHandle.DangerousGetHandle(), &message, 0x40000000);
            if (length <= 0)
                return;
            Note(Encoding.UTF8.GetString(bytes, (int)length).Split('\n'), message.ControlLength >= 20 ? (int)control[2] : null);
        }
    }

    private void Note(string[] lines, int? passed)
    {
        var name = lines.FirstOrDefault(line => line.StartsWith("FDNAME=", StringComparison.Ordinal))?["FDNAME=".Length..];
        lock (gate)
        {
            if (lines.Contains("FDSTORE=1"))
                store[name!] = new SafeSocketHandle(passed!.Value, ownsHandle: true);
            else if (lines.Contains("FDSTOREREMOVE=1") && store.Remove(name!, out var handle))
                handle.Dispose();
        }
    }

    [LibraryImport("libc", EntryPoint = "recvmsg")]
    private static unsafe partial nint ReceiveMessage(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int Duplicate(int descriptor, int command, int from);

    private unsafe struct Part
    {
        public byte* Base;
        public nuint Length;
    }

    private unsafe struct Message
    {
        public void* Name;
        public uint NameLength;
        public Part* Parts;
        public nuint PartCount;
        public void* Control;
        public nuint ControlLength;
        public int Flags;
    }
}
