using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Supervisor.GitHub;

/// <summary>How many calls GitHub still allows, as each scope's last answer said.</summary>
internal sealed partial class ApiBudget
{
    private readonly ConcurrentDictionary<string, (int Remaining, int Limit)> scopes = new();

    public IEnumerable<(string Scope, int Remaining, int Limit)> All => scopes.Select(scope => (scope.Key, scope.Value.Remaining, scope.Value.Limit));

    /// <summary>Less than a tenth is left: what is not needed to serve has to wait.</summary>
    public bool IsShort(string scope) => scopes.TryGetValue(scope, out var left) && left.Remaining * 10 < left.Limit;

    public void Note(HttpResponseMessage response, string url)
    {
        if (Scope().Match(url) is { Success: true, Value: var scope } && Number(response, "x-ratelimit-remaining") is { } remaining && Number(response, "x-ratelimit-limit") is { } limit)
            scopes[scope] = (remaining, limit);
    }

    private static int? Number(HttpResponseMessage response, string name) =>
        response.Headers.TryGetValues(name, out var values) && int.TryParse(values.FirstOrDefault(), NumberStyles.None, CultureInfo.InvariantCulture, out var number)
            ? number
            : null;

    // Calls about runners are the ones whose budget the slots live on; an App's own calls have another.
    [GeneratedRegex("(orgs|enterprises|repos/[^/]+)/[^/]+(?=/actions/runner)")]
    private static partial Regex Scope();
}
