using System.Collections.Concurrent;
using System.Globalization;

namespace Lab.GitHub.Rest;

/// <summary>Counts calls per credential, bucket and hour, tells of it, and refuses when they are spent, as GitHub does.</summary>
internal sealed class RateLimits(GitHubOptions options, TimeProvider clock)
{
    public const string Core = "core";
    public const string Registration = "actions_runner_registration";

    private static readonly string[] RegistrationCalls = ["/generate-jitconfig", "/registration-token", "/remove-token"];

    private readonly ConcurrentDictionary<(string Caller, string Bucket, long Hour), int> _used = new();

    public void Count(Caller caller, HttpContext http)
    {
        var hour = Hour();
        foreach (var old in _used.Keys.Where(key => key.Hour < hour))
            _used.TryRemove(old, out _);

        var bucket = BucketOf(http.Request);
        var free = http.Request.Path.Value!.EndsWith("/rate_limit", StringComparison.Ordinal);
        if (!free)
            _used.AddOrUpdate((caller.Key, bucket, hour), 1, (_, used) => used + 1);
        http.Items[typeof(RateLimits)] = (caller, bucket);
        var now = Of(caller, bucket);
        Tell(http.Response, now, bucket);
        if (!free && now.Used > now.Limit)
            throw new RestRefusal(403, $"API rate limit exceeded for {caller.Login}.", "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api");
    }

    /// <summary>The call turned out to be free.</summary>
    public void GiveBack(HttpContext http)
    {
        if (http.Items[typeof(RateLimits)] is not (Caller caller, string bucket))
            return;
        _used.AddOrUpdate((caller.Key, bucket, Hour()), 0, (_, used) => Math.Max(0, used - 1));
        Tell(http.Response, Of(caller, bucket), bucket);
    }

    public (long Limit, long Used, long Remaining, long Reset) Of(Caller caller, string bucket)
    {
        var limit = caller.Kind == CallerKind.Anonymous ? 60 : bucket == Registration ? 10_000 : options.CallsAnHour;
        var used = _used.GetValueOrDefault((caller.Key, bucket, Hour()));
        return (limit, used, Math.Max(0, limit - used), (Hour() + 1) * 3600);
    }

    private static string BucketOf(HttpRequest request) =>
        RegistrationCalls.Any(call => request.Path.Value!.EndsWith(call, StringComparison.Ordinal)) ? Registration : Core;

    private static void Tell(HttpResponse response, (long Limit, long Used, long Remaining, long Reset) now, string bucket)
    {
        response.Headers["x-ratelimit-limit"] = Text(now.Limit);
        response.Headers["x-ratelimit-remaining"] = Text(now.Remaining);
        response.Headers["x-ratelimit-used"] = Text(now.Used);
        response.Headers["x-ratelimit-reset"] = Text(now.Reset);
        response.Headers["x-ratelimit-resource"] = bucket;
    }

    private long Hour() => clock.GetUtcNow().ToUnixTimeSeconds() / 3600;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
