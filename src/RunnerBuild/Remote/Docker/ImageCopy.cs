using System.Globalization;
using System.Net.Sockets;
using System.Text;
using Renci.SshNet.Common;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>
/// Streams an image from one host to another, through this machine and never to its disk. One portion is read while the one before it is
/// written, so that no more than two are held, however slow the receiver is.
/// </summary>
internal sealed class ImageCopy(SshMachine source, SshMachine target, string image)
{
    private const int Portion = 4 * 1024 * 1024;
    private static readonly Lazy<string> Save = new(() => EmbeddedText.Read("image-save.pl"));

    // What could not be loaded is still read: a sender who is not listened to would wait, and miss the reason.
    private const string Load = """docker image load >/dev/null; code=$?; [ $code = 0 ] || echo failed; cat >/dev/null; exit $code""";

    /// <param name="size">Bytes, as far as it is known.</param>
    /// <returns>Bytes that went over.</returns>
    public async Task<long> RunAsync(long size, Action<string> progress, CancellationToken cancel)
    {
        await using var reader = await StartAsync(source, ["perl", "-e", Save.Value, image], cancel);
        await using var writer = await StartAsync(target, ["bash", "-c", Load], cancel);
        var failure = Task.Run(() => ReadLine(writer.Output), CancellationToken.None);
        var transfer = new Transfer(size, TimeProvider.System);
        var saved = await PumpAsync(reader, writer, failure, bytes => transfer.Add(bytes, progress), cancel);
        if (saved is { ExitCode: not 0 })
            // Before the receiver's input ends, so that it does not take a part for the whole.
            throw new RunnerBuildException($"{source.Address} could not hand over {image}.", saved.Tail, "`docker image ls` there tells whether it still has it; then run BuildCustomImage again.");
        var loaded = await writer.EndAsync(cancel);
        if (loaded.ExitCode != 0)
            throw new RunnerBuildException(
                $"{target.Address} could not take {image} from {source.Address}.", loaded.Tail,
                "Correct the cause there (often a full disk: `df -h`, `docker system df`) and run BuildCustomImage again; what arrived is not used.");
        progress(transfer.Summary);
        return transfer.Bytes;
    }

    /// <returns>How the source's program ended; null: the target failed before it did.</returns>
    private async Task<CommandResult?> PumpAsync(RemoteCommand reader, RemoteCommand writer, Task<string?> failure, Action<int> moved, CancellationToken cancel)
    {
        var (filling, emptying) = (new byte[Portion], new byte[Portion]);
        var writing = Task.CompletedTask;
        for (; ; )
        {
            var read = await FromAsync(source, () => ReadAsync(reader, filling, cancel));
            await FromAsync(target, async () => { await writing; return 0; });
            if (writer.HasEnded || failure is { IsCompleted: true, Result: not null })
                return null;
            if (read == 0)
                return await FromAsync(source, () => reader.EndAsync(cancel));
            (filling, emptying) = (emptying, filling);
            writing = writer.WriteAsync(emptying.AsMemory(0, read), cancel);
            moved(read);
        }
    }

    private static async Task<int> ReadAsync(RemoteCommand reader, byte[] into, CancellationToken cancel)
    {
        if (reader.HasEnded)
            return await FillAsync(reader, into, cancel);
        await reader.WriteAsync(Encoding.ASCII.GetBytes(string.Create(CultureInfo.InvariantCulture, $"{into.Length}\n")), cancel);
        return await FillAsync(reader, into, cancel);
    }

    // SSH.NET's stream blocks: it must not block a thread that others wait for.
    private static Task<int> FillAsync(RemoteCommand reader, byte[] into, CancellationToken cancel) => Task.Factory.StartNew(
        () => reader.Output.ReadAtLeast(into, into.Length, throwOnEndOfStream: false), cancel, TaskCreationOptions.LongRunning, TaskScheduler.Default).WaitAsync(cancel);

    private static string? ReadLine(Stream output)
    {
        using var text = new StreamReader(output, Encoding.UTF8);
        return text.ReadLine();
    }

    private static Task<RemoteCommand> StartAsync(SshMachine machine, IReadOnlyList<string> command, CancellationToken cancel) =>
        FromAsync(machine, () => machine.StartAsync(command, cancel));

    private static async Task<T> FromAsync<T>(SshMachine machine, Func<Task<T>> work)
    {
        try
        {
            return await work();
        }
        catch (Exception fault) when (fault is SshException or SocketException or IOException or ObjectDisposedException or InvalidOperationException)
        {
            throw new HostUnreachableException(
                $"The connection to {machine.Address} was lost.", fault.Message, "Check that the machine runs, and run the same target again; what is done is not repeated.", machine.Address);
        }
    }
}
