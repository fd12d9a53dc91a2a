namespace Supervisor.GitHub;

/// <summary>How a call to GitHub failed, which says what to do next.</summary>
internal enum FaultKind
{
    /// <summary>3xx, 401, 403 or 404: the credential or the scope is wrong; a person has to act.</summary>
    Denied,

    /// <summary>422, or an answer that makes no sense: asking again as it is will not help.</summary>
    Refused,

    /// <summary>409: the name is taken; another name will do.</summary>
    NameTaken,

    /// <summary>429 or a spent rate limit: wait as long as GitHub says.</summary>
    RateLimited,

    /// <summary>5xx or no answer: try again later.</summary>
    Unavailable,
}

/// <summary>A call to GitHub that failed; the message says why in one sentence and, where a person has to act, what to do.</summary>
/// <param name="retryAfter">What GitHub asked for, if it did.</param>
internal sealed class GitHubFault(FaultKind kind, string message, TimeSpan? retryAfter = null, Exception? inner = null) : Exception(message, inner)
{
    /// <summary>GitHub's answer; 0 when there was none.</summary>
    public int Status { get; init; }
    public FaultKind Kind => kind;
    public TimeSpan? RetryAfter => retryAfter;
}
