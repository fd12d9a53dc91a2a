using RunnerBuild.Config;

namespace RunnerBuild.Diagnosing;

/// <summary>Whether the hosts reach what their runners need, each asked by one connection.</summary>
internal static class GitHubEgress
{
    // Beside the API and the web address, on github.com: GitHub's list for self-hosted runners.
    private static readonly string[] Services =
        ["codeload.github.com:443", "broker.actions.githubusercontent.com:443", "pipelines.actions.githubusercontent.com:443", "results-receiver.actions.githubusercontent.com:443", "objects.githubusercontent.com:443", "ghcr.io:443"];

    private const string Ask = """
        for place in "$@"; do
          if timeout 5 bash -c 'exec 3<>"/dev/tcp/${1%:*}/${1##*:}"' _ "$place" 2>/dev/null; then :; else echo "$place"; fi &
        done
        wait
        """;

    public static async Task<IReadOnlyList<Finding>> ExamineAsync(HostSession session, CancellationToken cancel)
    {
        var places = session.Host.Pools.Select(pool => pool.Scope).Distinct().SelectMany(Places).Distinct().ToList();
        try
        {
            var machine = await session.MachineAsync(cancel);
            var unreachable = (await machine.CheckAsync("Looking for GitHub from the host", Ask, places, null, cancel)).Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
            return unreachable.Length == 0
                ? [Finding.Good(session.Name, "way to GitHub", $"{places.Count} of {places.Count} addresses answer")]
                : [Finding.Bad(session.Name, "way to GitHub", $"It does not reach {string.Join(", ", unreachable.Order())}.", "Let the host connect there (TCP), or correct its DNS and proxy.")];
        }
        catch (RunnerBuildException fault)
        {
            return [Finding.Notable(session.Name, "way to GitHub", $"Not looked at: {fault.What}", fault.Fix)];
        }
    }

    private static IEnumerable<string> Places(GitHubScope scope) =>
        new[] { scope.Web, new Uri(scope.Api) }.Select(address => $"{address.Host}:{address.Port}").Concat(scope.Web.Host == "github.com" ? Services : []);
}
