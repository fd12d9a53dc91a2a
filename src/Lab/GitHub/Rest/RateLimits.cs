using System.Collections.Concurrent;
using System.Globalization;

namespace Lab.GitHub.Rest;

/// <summary>Counts calls per credential and hour, and tells of it as GitHub does. The doubles' limit is never enforced.</summary>
internal sealed class RateLimits(TimeProvider time)
{
    private readonly ConcurrentDictionary<(string Caller, long Hour), int> _used = new();

    public void Count(Caller caller, HttpResponse response)
    {
        var hour = Hour();
        foreach (var old in _used.Keys.Where(key => key.Hour < hour))
            _used.TryRemove(old, out _);
        _used.AddOrUpdate((caller.Key, hour), 1, (_, used) => used + 1);

        var now = Of(caller);
        response.Headers["x-ratelimit-limit"] = Text(now.Limit);
        response.Headers["x-ratelimit-remaining"] = Text(now.Remaining);
        response.Headers["x-ratelimit-used"] = Text(now.Used);
        response.Headers["x-ratelimit-reset"] = Text(now.Reset);
        response.Headers["x-ratelimit-resource"] = "core";
    }

    public (long Limit, long Used, long Remaining, long Reset) Of(Caller caller)
    {
        var limit = caller.Kind == CallerKind.Anonymous ? 60 : 5000;
        var used = _used.GetValueOrDefault((caller.Key, Hour()));
        return (limit, used, Math.Max(0, limit - used), (Hour() + 1) * 3600);
    }

    private long Hour() => time.GetUtcNow().ToUnixTimeSeconds() / 3600;

    private static string Text(long number) => number.ToString(CultureInfo.InvariantCulture);
}
