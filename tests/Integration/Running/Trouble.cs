using System.Net;
using System.Text.Json;

namespace Integration.Running;

/// <summary>Something that keeps a host's slots from serving.</summary>
/// <param name="Slots">Names of those that meet it.</param>
/// <param name="Reason">Part of what each of them says meanwhile.</param>
internal sealed record Trouble(LabFixture Lab, string Host, string[] Slots, string Reason)
{
    private const int CallsPerSlotAndMinute = 10;
    private static readonly TimeSpan Watched = TimeSpan.FromSeconds(30);

    /// <summary>GitHub's REST API, not the service that runners listen to.</summary>
    private const string RestPrefix = "/api/v3/";

    private IPAddress Address => IPAddress.Parse(FleetText.Hosts[Host == "west" ? 0 : 1]);

    /// <summary>What the slots say of it, that they ask GitHub seldom as long as it lasts, and that nobody has to help them afterwards.</summary>
    public async Task ShouldBeToldAndPassAsync(Func<Task> begin, Func<Task> end)
    {
        var since = TimeProvider.System.GetUtcNow();
        await begin();
        await Eventually.Async(SaidAsync, said => said.Count == Slots.Length && said.All(reason => reason.Contains(Reason, StringComparison.Ordinal)), TimeSpan.FromMinutes(5));
        await Task.Delay(Watched, TestContext.Current.CancellationToken);
        await end();
        await Eventually.Async(SaidAsync, said => said.Count == Slots.Length && said.All(reason => reason == "Idle"), TimeSpan.FromMinutes(9));

        var minutes = (TimeProvider.System.GetUtcNow() - since).TotalMinutes;
        var calls = Lab.GitHub.Seen.Count(call => call.At >= since && call.From.Equals(Address) && call.Path.StartsWith(RestPrefix, StringComparison.Ordinal));
        TestContext.Current.TestOutputHelper?.WriteLine($"{Host}, {Reason}: {calls} calls of {Slots.Length} slots in {minutes:0.0} min");
        calls.ShouldBeLessThanOrEqualTo((int)Math.Ceiling(minutes * Slots.Length * CallsPerSlotAndMinute));
    }

    /// <summary>Whoever waits for a job is gone, so that each slot needs a new runner.</summary>
    public Task TakeRunnersAwayAsync() => Lab.OnHostAsync(Host, $"docker rm --force --volumes {string.Join(' ', Slots)} >/dev/null");

    /// <summary>Of each slot the reason, or the state when there is none.</summary>
    private async Task<Said> SaidAsync()
    {
        using var status = JsonDocument.Parse(await Lab.OnHostAsync(Host, "/opt/github-runners/bin/runnerctl status --json"));
        return [.. status.RootElement.GetProperty("slots").EnumerateArray()
            .Where(slot => Slots.Contains(slot.GetProperty("name").GetString()))
            .Select(slot => slot.TryGetProperty("reason", out var reason) && reason.GetString() is { } said ? said : slot.GetProperty("state").GetString()!)];
    }

    private sealed class Said : List<string>
    {
        public override string ToString() => string.Join("; ", this);
    }
}
