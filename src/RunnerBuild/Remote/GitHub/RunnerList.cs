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

    /// <returns>False: GitHub refuses, since the runner has a job. One that is gone already counts as deleted.</returns>
    public static async Task<bool> DeleteAsync(GitHubScope scope, Secret token, long id, CancellationToken cancel)
    {
        var api = new Uri(scope.Api);
        var path = $"{scope.Path}/actions/runners/{id}";
        try
        {
            await new GitHubApi(api, token).Client.Connection.Delete(new Uri(path, UriKind.Relative));
            return true;
        }
        catch (NotFoundException)
        {
            return true;
        }
        catch (ApiValidationException)
        {
            return false;
        }
        catch (ApiException fault)
        {
            throw GitHubApi.Explain($"DELETE {path}", fault);
        }
        catch (Exception fault) when (GitHubApi.IsNoAnswer(fault, cancel))
        {
            throw GitHubApi.Unreachable(api, fault);
        }
    }
}
