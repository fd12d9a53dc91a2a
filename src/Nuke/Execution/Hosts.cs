using Nuke.Common.CI.GitHubActions;

namespace Nuke.Common.Execution;

/// <summary>The hosts by name.</summary>
internal static class Hosts
{
    public const string Terminal = nameof(Execution.Terminal);
    public const string GitHubActions = nameof(CI.GitHubActions.GitHubActions);

    public static readonly string[] Names = [GitHubActions, Terminal];

    public static Host Create(string name, IReadOnlyDictionary<string, string> environment) =>
        name == GitHubActions ? new GitHubActions(environment) : new Terminal();
}
