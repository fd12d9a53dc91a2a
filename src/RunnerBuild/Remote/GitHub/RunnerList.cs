using Octokit;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.GitHub;

/// <summary>All runners that are registered in a scope.</summary>
internal static class RunnerList
{
    /// <summary>Errors: <see cref="RunnerBuildException"/> also when GitHub sent fewer than it says there are, since absence would prove nothing.</summary>
    public static async Task<IReadOnlyList<Runner>> OfAsync(GitHubScope scope, Secret token)
    {
        var api = new Uri(scope.Api);
        var runners = new GitHubApi(api, token).Client.Actions.SelfHostedRunners;
        var all = new ApiOptions { PageSize = 100 };
        try
        {
            var pages = scope switch
            {
                { Kind: ScopeKind.Organization } => await runners.ListAllRunnersForOrganization(scope.Name, all),
                { Kind: ScopeKind.Repository } when scope.Name.Split('/') is [var owner, var name] => await runners.ListAllRunnersForRepository(owner, name, all),
                _ => await runners.ListAllRunnersForEnterprise(scope.Name, all),
            };
            return pages.Runners.Count >= pages.TotalCount
                ? pages.Runners
                : throw new RunnerBuildException(
                    $"GitHub listed {pages.Runners.Count} of {pages.TotalCount} runners of {scope.Path}.", "The list was cut short.", "Run Verify again.");
        }
        catch (ApiException fault)
        {
            throw GitHubApi.Explain($"GET {scope.Path}/actions/runners", fault);
        }
        catch (Exception fault) when (GitHubApi.IsNoAnswer(fault, CancellationToken.None))
        {
            throw GitHubApi.Unreachable(api, fault);
        }
    }
}
