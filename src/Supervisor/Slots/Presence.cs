using Supervisor.GitHub;

namespace Supervisor.Slots;

/// <summary>What GitHub's lists say about the runner that listens in a slot.</summary>
internal sealed class Presence
{
    private DateTimeOffset? missingSince;
    private DateTimeOffset? offlineSince;
    private DateTimeOffset lastList;

    /// <param name="listed">Null when a complete list did not have it.</param>
    /// <param name="at">When the list was asked for.</param>
    public void Note(RegisteredRunner? listed, DateTimeOffset at)
    {
        lastList = at;
        missingSince = listed is null ? missingSince ?? at : null;
        offlineSince = listed is { Status: "offline", Busy: false } ? offlineSince ?? at : null;
    }

    public void Reset() => missingSince = offlineSince = null;

    /// <summary>Two lists, at least <paramref name="grace"/> apart, did not have it.</summary>
    public bool IsGhost(TimeSpan grace) => lastList - missingSince >= grace;

    /// <summary>Two lists, at least <paramref name="grace"/> apart, had it offline and without a job: it hears of none.</summary>
    public bool IsOffline(TimeSpan grace) => lastList - offlineSince >= grace;

    /// <summary>Why no job can come to it; null when one can.</summary>
    public string? Problem => (missingSince, offlineSince) switch
    {
        ({ } since, _) => $"The runner listens, but GitHub's list does not have it since {since:HH:mm:ss} UTC; if that stays so, it is replaced.",
        (_, { } since) => $"The runner listens, but GitHub sees it offline since {since:HH:mm:ss} UTC; if that stays so, it is replaced.",
        _ => null,
    };
}
