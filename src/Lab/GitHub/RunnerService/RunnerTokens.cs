using System.Collections.Concurrent;
using System.Security.Cryptography;

namespace Lab.GitHub.RunnerService;

/// <summary>Access tokens of runners: opaque, for 50 minutes, and gone with a restart (a runner fetches a new one at a 401).</summary>
internal sealed class RunnerTokens(TimeProvider time)
{
    public const int Seconds = 3000;

    private readonly ConcurrentDictionary<string, (long Runner, DateTimeOffset Until)> _tokens = new();

    public string Issue(long runner)
    {
        foreach (var (old, entry) in _tokens)
            if (entry.Until < time.GetUtcNow())
                _tokens.TryRemove(old, out _);

        var token = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(32));
        _tokens[token] = (runner, time.GetUtcNow().AddSeconds(Seconds));
        return token;
    }

    /// <summary>The id of the runner that holds the token, null when the token is unknown or too old.</summary>
    public long? RunnerOf(string? token) =>
        token is not null && _tokens.TryGetValue(token, out var entry) && entry.Until > time.GetUtcNow() ? entry.Runner : null;
}
