using System.Collections.Concurrent;
using Lab.Tests.Proxmox;

[assembly: AssemblyFixture(typeof(JudgedRequests))]

namespace Lab.Tests.Proxmox;

/// <summary>
/// The requests of all tests, held against Proxmox's published schema when the last one has ended. The fixtures hand over what they saw as they are disposed,
/// so that no test can forget it; a run without the reference judges nothing.
/// </summary>
public sealed class JudgedRequests : IAsyncDisposable
{
    private static readonly ConcurrentQueue<Kept> All = new();

    /// <param name="version">That the double was asked to be.</param>
    /// <param name="lines">One request each, as pve_check.py reads them.</param>
    internal static void Add(string version, IEnumerable<string> lines)
    {
        var test = TestContext.Current.Test?.TestDisplayName ?? "a fixture";
        foreach (var line in lines)
            All.Enqueue(new(version, line, test));
    }

    public async ValueTask DisposeAsync()
    {
        if (Reference.Find() is not { } reference)
            return;
        List<string> faults = [];
        foreach (var release in All.GroupBy(kept => kept.Version))
        {
            var requests = release.DistinctBy(kept => kept.Line).ToList();
            var findings = await reference.FindingsAsync(Reference.SchemaOf(release.Key), requests.Select(kept => kept.Line), CancellationToken.None);
            TestContext.Current.SendDiagnosticMessage("{0} requests, {1} of them different, are held against the schema of {2}", release.Count(), requests.Count, release.Key);
            faults.AddRange(findings.Select(wrong => $"{release.Key}, {requests[wrong.Key - 1].Test}: {requests[wrong.Key - 1].Line}\n    {string.Join("; ", wrong.Value)}"));
        }

        faults.ShouldBeEmpty($"Requests that Proxmox VE does not know:\n{string.Join('\n', faults)}");
    }

    private sealed record Kept(string Version, string Line, string Test);
}
