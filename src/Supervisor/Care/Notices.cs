using System.Diagnostics;
using System.Text.Json;
using System.Text.Json.Serialization;
using Supervisor.Slots;
using Supervisor.Systemd;

namespace Supervisor.Care;

/// <summary>What the notified program reads, as JSON on standard input.</summary>
/// <param name="State"><c>Parked</c>, or what the slot became after it was told to be.</param>
/// <param name="Reason">Null when the slot serves again.</param>
internal sealed record Notice(string Host, string Slot, string Pool, string State, string? Reason, DateTimeOffset Since);

/// <summary>Tells a program of the host's owner about slots that stay parked, once each, and once when they serve again.</summary>
internal sealed class Notices(string host, TimeSpan patience, EventLog log)
{
    private static readonly TimeSpan deadline = TimeSpan.FromSeconds(30);
    private readonly HashSet<string> told = [];

    /// <summary>To be called each tick with all slots.</summary>
    public void Tell(IEnumerable<Slot> slots, string? program, DateTimeOffset now)
    {
        foreach (var slot in slots)
        {
            var parked = slot.Condition.State == SlotState.Parked;
            var isNews = parked ? now - slot.Since >= patience && told.Add(slot.Name) : slot.Condition.Serves && told.Remove(slot.Name);
            if (isNews && program is not null)
                _ = RunAsync(program, new Notice(host, slot.Name, slot.Pool.Name, $"{slot.Condition.State}", parked ? slot.Condition.Reason : null, slot.Since));
        }
    }

    private async Task RunAsync(string program, Notice notice)
    {
        try
        {
            using var process = Process.Start(new ProcessStartInfo(program) { RedirectStandardInput = true, RedirectStandardOutput = true, RedirectStandardError = true })!;
            using var limit = new CancellationTokenSource(deadline);
            await JsonSerializer.SerializeAsync(process.StandardInput.BaseStream, notice, NoticeJson.Default.Notice, limit.Token);
            process.StandardInput.Close();
            var words = await EndAsync(process, limit.Token);
            if (process.ExitCode != 0)
                log.Warning(notice.Slot, $"{program} was told of it and ended with {process.ExitCode}: {words}");
        }
        catch (Exception fault)
        {
            // Whatever is wrong with somebody's program: nobody waits for this, so nobody else would tell.
            log.Warning(notice.Slot, $"{program} could not be told of it: {fault.Message}");
        }
    }

    private static async Task<string> EndAsync(Process process, CancellationToken cancel)
    {
        try
        {
            var words = await Task.WhenAll(process.StandardOutput.ReadToEndAsync(cancel), process.StandardError.ReadToEndAsync(cancel));
            await process.WaitForExitAsync(cancel);
            return string.Join(' ', words).Trim();
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw;
        }
    }
}

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(Notice))]
internal sealed partial class NoticeJson : JsonSerializerContext;
