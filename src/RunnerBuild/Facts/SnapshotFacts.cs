using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Facts;

/// <summary>A snapshot that this program took, known by its name.</summary>
internal sealed record Snapshot(string Name, DateTimeOffset Taken, string Reason)
{
    private const string Prefix = "runnerbuild-";

    public static string NameAt(DateTimeOffset moment) => $"{Prefix}{moment.UtcDateTime:yyyyMMdd-HHmmssfff}";

    /// <summary>Newest first.</summary>
    public static async Task<ImmutableArray<Snapshot>> OfAsync(ProxmoxClient client, GuestId vm, CancellationToken cancel) =>
    [
        .. (await client.GetAsync($"{vm.Path}/snapshot", $"list the snapshots of {vm}", cancel)).Items()
            .Where(entry => entry.Text("name")?.StartsWith(Prefix, StringComparison.Ordinal) == true)
            .Select(entry => new Snapshot(
                entry.Text("name")!, DateTimeOffset.FromUnixTimeSeconds(entry.Number("snaptime") ?? 0), entry.Text("description")?.Trim() ?? ""))
            .OrderByDescending(snapshot => snapshot.Name, StringComparer.Ordinal),
    ];
}
