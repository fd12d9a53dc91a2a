using System.Globalization;
using Lab.GitHub.Rest;

namespace Lab.GitHub.Faults;

/// <summary>Does to REST calls what the switched-on faults say.</summary>
internal sealed class RestFaults(FaultSwitch faults, TimeProvider clock)
{
    private const string AboutLimits = "https://docs.github.com/rest/using-the-rest-api/rate-limits-for-the-rest-api";

    /// <summary>Before anything is looked at.</summary>
    public async Task BeforeAsync(HttpContext http)
    {
        if (faults.Amount(FaultKind.Latency) is { } delay && delay > TimeSpan.Zero)
            await Task.Delay(delay, http.RequestAborted);
        while (faults.IsOn(FaultKind.Hang))
            await Task.Delay(TimeSpan.FromMilliseconds(50), http.RequestAborted);
        if (faults.IsOn(FaultKind.ServerErrors))
            throw new RestRefusal(502, "Server Error");
    }

    /// <summary>Once the caller is known.</summary>
    public void Refuse(HttpContext http)
    {
        if (faults.IsOn(FaultKind.PrimaryLimit))
        {
            Limit(http, faults.Left(FaultKind.PrimaryLimit));
            throw new RestRefusal(403, "API rate limit exceeded for user ID 1.", AboutLimits);
        }
        if (faults.IsOn(FaultKind.SecondaryLimit))
        {
            RetryAfter(http, faults.Left(FaultKind.SecondaryLimit));
            throw new RestRefusal(403, "You have exceeded a secondary rate limit. Please wait a few minutes before you try again.", $"{AboutLimits}#about-secondary-rate-limits");
        }
        if (faults.IsOn(FaultKind.TooManyRequests))
        {
            RetryAfter(http, faults.Left(FaultKind.TooManyRequests));
            throw new RestRefusal(429, "You have exceeded a secondary rate limit.", AboutLimits);
        }
        if (faults.IsOn(FaultKind.RefuseJit) && http.Request.Path.Value!.EndsWith("/generate-jitconfig", StringComparison.Ordinal))
            throw RestRefusal.Unprocessable("The runner group has reached its maximum number of runners.", AboutLimits);
    }

    public bool TruncatesLists => faults.IsOn(FaultKind.TruncatedLists);

    /// <summary>Whether the answer is to break off.</summary>
    public bool Cuts => faults.IsOn(FaultKind.Cut);

    private void Limit(HttpContext http, TimeSpan left)
    {
        http.Response.Headers["x-ratelimit-limit"] = "5000";
        http.Response.Headers["x-ratelimit-remaining"] = "0";
        http.Response.Headers["x-ratelimit-used"] = "5000";
        http.Response.Headers["x-ratelimit-resource"] = "core";
        http.Response.Headers["x-ratelimit-reset"] = Seconds((clock.GetUtcNow() + left).ToUnixTimeMilliseconds() / 1000d);
    }

    private static void RetryAfter(HttpContext http, TimeSpan left) => http.Response.Headers.RetryAfter = Seconds(left.TotalSeconds);

    private static string Seconds(double seconds) => Math.Max(1, Math.Ceiling(seconds)).ToString(CultureInfo.InvariantCulture);
}
