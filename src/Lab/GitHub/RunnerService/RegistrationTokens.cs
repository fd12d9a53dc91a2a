using System.Collections.Concurrent;
using System.Security.Cryptography;
using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>What `config.sh --token` is given: good for an hour and for one scope. Gone with a restart of the double.</summary>
internal sealed class RegistrationTokens(TimeProvider time)
{
    private const string Letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
    private readonly ConcurrentDictionary<string, (RunnerScope Scope, DateTimeOffset Until)> _tokens = new();

    public (string Token, DateTimeOffset Until) Issue(RunnerScope scope)
    {
        var now = time.GetUtcNow();
        foreach (var (old, entry) in _tokens)
            if (entry.Until < now)
                _tokens.TryRemove(old, out _);

        var token = RandomNumberGenerator.GetString(Letters, 29);
        _tokens[token] = (scope, now.AddHours(1));
        return (token, now.AddHours(1));
    }

    /// <summary>The scope that the token registers in; null when it is unknown or too old.</summary>
    public RunnerScope? ScopeOf(string token) =>
        _tokens.TryGetValue(token, out var entry) && entry.Until > time.GetUtcNow() ? entry.Scope : null;
}
