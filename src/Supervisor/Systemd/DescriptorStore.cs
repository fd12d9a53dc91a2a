using System.Globalization;
using System.Net.Sockets;
using System.Runtime.InteropServices;
using System.Text;

namespace Supervisor.Systemd;

/// <summary>
/// Listening sockets that systemd holds while the service is restarted, so that who connects meanwhile waits instead of being refused
/// (<c>FDSTORE</c> of sd_notify's protocol, and sd_listen_fds' on the way back). Without systemd it keeps nothing.
/// </summary>
internal sealed partial class DescriptorStore
{
    private const int FirstDescriptor = 3;
    private readonly string? address;
    private readonly Dictionary<string, SafeSocketHandle> kept = [];

    /// <param name="address"><c>$NOTIFY_SOCKET</c>.</param>
    /// <param name="names"><c>$LISTEN_FDNAMES</c>, when <c>$LISTEN_PID</c> is this process.</param>
    public DescriptorStore(string? address, string? names)
    {
        this.address = string.IsNullOrEmpty(address) ? null : address[0] == '@' ? "\0" + address[1..] : address;
        var descriptor = FirstDescriptor;
        foreach (var name in names?.Split(':', StringSplitOptions.RemoveEmptyEntries) ?? [])
        {
            // Programs that this one starts have no use for it.
            _ = SetFlags(descriptor, 2, 1);
            kept[name] = new SafeSocketHandle(descriptor++, ownsHandle: true);
        }
    }

    public static DescriptorStore FromEnvironment() => new(
        Environment.GetEnvironmentVariable("NOTIFY_SOCKET"),
        Environment.GetEnvironmentVariable("LISTEN_PID") == Environment.ProcessId.ToString(CultureInfo.InvariantCulture) ? Environment.GetEnvironmentVariable("LISTEN_FDNAMES") : null);

    /// <summary>Those that were kept for this process and that nobody took yet.</summary>
    public IReadOnlyCollection<string> Names => kept.Keys;

    /// <returns>Null: none was kept by that name.</returns>
    public Socket? Take(string name) => kept.Remove(name, out var handle) ? new Socket(handle) : null;

    /// <returns>False: nobody keeps it.</returns>
    public bool Keep(string name, Socket socket) => Send($"FDSTORE=1\nFDNAME={name}", socket);

    public void Forget(string name)
    {
        if (kept.Remove(name, out var handle))
            handle.Dispose();
        Send($"FDSTOREREMOVE=1\nFDNAME={name}", null);
    }

    private unsafe bool Send(string state, Socket? passed)
    {
        if (address is null)
            return false;
        try
        {
            using var socket = new Socket(AddressFamily.Unix, SocketType.Dgram, ProtocolType.Unspecified);
            socket.Connect(new UnixDomainSocketEndPoint(address));
            var bytes = Encoding.UTF8.GetBytes(state);
            if (passed is null)
                return socket.Send(bytes) == bytes.Length;
            // struct cmsghdr: length, level SOL_SOCKET, type SCM_RIGHTS; then the descriptor.
            var control = stackalloc nuint[3];
            (control[0], control[1], control[2]) = (20, 1 | (nuint)1 << 32, (nuint)passed.Handle);
            fixed (byte* text = bytes)
            {
                var part = new Part { Base = text, Length = (nuint)bytes.Length };
                var message = new Message { Parts = &part, PartCount = 1, Control = control, ControlLength = 24 };
                return SendMessage((int)socket.Handle, &message, 0) == bytes.Length;
            }
        }
        catch (SocketException)
        {
            // systemd does not listen, as while it is re-executed: a restart then costs the job its connections, no more.
            return false;
        }
    }

    [LibraryImport("libc", EntryPoint = "sendmsg")]
    private static unsafe partial nint SendMessage(int socket, Message* message, int flags);

    [LibraryImport("libc", EntryPoint = "fcntl")]
    private static partial int SetFlags(int descriptor, int command, int flags);

    // struct iovec and struct msghdr of 64-bit Linux.
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
