using System.Globalization;
using System.Net;

namespace RunnerBuild.Remote.GitHub;

/// <summary>What an answer says of GitHub's limits.</summary>
internal static class RateLimit
{
    /// <summary>Without a word from GitHub how long: its own advice.</summary>
    public static readonly TimeSpan LeastUnsaid = TimeSpan.FromMinutes(1);

    /// <summary>A clock that is wrong on either side must not stop anybody for days.</summary>
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(3700);

    /// <summary>How long to wait before the next call; null when the answer is no refusal for want of calls.</summary>
    /// <param name="message">GitHub's words in the body.</param>
    /// <param name="now">This machine's clock, for when the answer has no date.</param>
    public static TimeSpan? WaitOf(HttpResponseMessage response, string message, DateTimeOffset now)
    {
        if (response.StatusCode != HttpStatusCode.TooManyRequests && !(response.StatusCode == HttpStatusCode.Forbidden && IsLimit(response, message)))
            return null;

        var wait = response.Headers.RetryAfter switch
        {
            { Delta: { } delta } => delta,
            { Date: { } date } => date - (response.Headers.Date ?? now),
            _ => Reset(response, now) ?? LeastUnsaid,
        };
        return TimeSpan.FromTicks(Math.Clamp(wait.Ticks, TimeSpan.TicksPerSecond, Longest.Ticks));
    }

    /// <summary>A number that GitHub tells in a header.</summary>
    public static long? Number(HttpResponseMessage response, string header) =>
        response.Headers.TryGetValues(header, out var values) && long.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : null;

    private static bool IsLimit(HttpResponseMessage response, string message) =>
        response.Headers.RetryAfter is not null || Number(response, "x-ratelimit-remaining") == 0 || message.Contains("rate limit", StringComparison.OrdinalIgnoreCase);

    // The reset is a time of GitHub's clock, and so is the answer's date.
    private static TimeSpan? Reset(HttpResponseMessage response, DateTimeOffset now) =>
        Number(response, "x-ratelimit-remaining") == 0 && Number(response, "x-ratelimit-reset") is { } reset
            ? DateTimeOffset.FromUnixTimeSeconds(reset) - (response.Headers.Date ?? now) + TimeSpan.FromSeconds(1)
            : null;
}
