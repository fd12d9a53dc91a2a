using Supervisor.GitHub;

namespace Supervisor.Slots;

/// <summary>What GitHub's lists say about the runner that listens in a slot.</summary>
internal sealed class Presence
{
    private DateTimeOffset? missingSince;
    private DateTimeOffset? offlineSince;
    private DateTimeOffset lastList;

    /// <param name="listed">Null when a complete list did not have it.</param>
    public void Note(RegisteredRunner? listed, DateTimeOffset at)
    {
        lastList = at;
        missingSince = listed is null ? missingSince ?? at : null;
        offlineSince = listed is { Status: "offline" } ? offlineSince ?? at : null;
    }

    public void Reset() => missingSince = offlineSince = null;

    /// <summary>Two lists, at least <paramref name="grace"/> apart, did not have it.</summary>
    public bool IsGhost(DateTimeOffset now, TimeSpan grace) => missingSince is { } since && since < lastList && now - since >= grace;

    public string? Problem => (missingSince, offlineSince) switch
    {
        ({ } since, _) => $"The runner listens, but GitHub's list does not have it since {since:HH:mm:ss} UTC; it will be replaced.",
        (_, { } since) => $"The runner listens, but GitHub sees it offline since {since:HH:mm:ss} UTC.",
        _ => null,
    };
}
