using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Supervisor.GitHub;

/// <summary>What became of a registration that was to be deleted.</summary>
internal enum Deregistration { Deleted, NotFound, Busy }

/// <summary>A registration that GitHub made, with the files of its runner.</summary>
internal sealed record Minted(long Id, string Name, JitConfiguration Jit);

/// <summary>GitHub's REST calls about self-hosted runners, for any scope.</summary>
internal sealed class RunnerApi(GitHubConnection connection, Credentials credentials)
{
    private const int PageSize = 100;
    private readonly Dictionary<(GitHubScope, string?), long> groups = [];
    private readonly Lock gate = new();

    public async Task<Minted> MintAsync(GitHubScope scope, string? group, string name, IReadOnlyList<string> labels, CancellationToken cancel)
    {
        var request = new GenerateJit(name, await GroupAsync(scope, group, cancel), labels, "_work");
        var body = JsonSerializer.SerializeToUtf8Bytes(request, GitHubJson.Default.GenerateJit);
        cancel.ThrowIfCancellationRequested();
        // Not cancelled once asked: GitHub may have registered the runner already, and only the answer has its number.
        var answer = await CallAsync(HttpMethod.Post, scope, "actions/runners/generate-jitconfig", body, GitHubJson.Default.GeneratedJit, CancellationToken.None);
        try
        {
            return new Minted(answer.Runner.Id, answer.Runner.Name, JitConfiguration.Unpack(answer.EncodedJitConfig));
        }
        catch (GitHubFault)
        {
            // The registration exists already, whatever its blob is worth.
            await DeregisterAsync(scope, answer.Runner.Id, cancel);
            throw;
        }
    }

    /// <summary>Deletes a registration; one that runs a job stays.</summary>
    public async Task<Deregistration> DeregisterAsync(GitHubScope scope, long id, CancellationToken cancel)
    {
        try
        {
            await connection.SendAsync(
                scope, HttpMethod.Delete, $"{scope.Api}/{scope.Path}/actions/runners/{id}", await TokenAsync(scope, cancel), null, cancel);
            return Deregistration.Deleted;
        }
        catch (GitHubFault fault) when (fault.Status == 404)
        {
            return Deregistration.NotFound;
        }
        catch (GitHubFault fault) when (fault.Status == 422)
        {
            return Deregistration.Busy;
        }
    }

    /// <summary>Throws unless the credential may see the scope's runners; GitHub answers 404 both for what is gone and for what one may not see.</summary>
    public Task ConfirmAccessAsync(GitHubScope scope, CancellationToken cancel) =>
        CallAsync(HttpMethod.Get, scope, "actions/runners?per_page=1", null, GitHubJson.Default.RunnerPage, cancel);

    /// <returns>Every registration of the scope, or null when GitHub's pages did not add up to its own count.</returns>
    public async Task<IReadOnlyList<RegisteredRunner>?> ListAsync(GitHubScope scope, CancellationToken cancel)
    {
        var runners = new Dictionary<long, RegisteredRunner>();
        for (var page = 1; ; page++)
        {
            var answer = await CallAsync(
                HttpMethod.Get, scope, $"actions/runners?per_page={PageSize}&page={page}", null, GitHubJson.Default.RunnerPage, cancel);
            var known = runners.Count;
            foreach (var runner in answer.Runners)
                runners[runner.Id] = runner;
            // A page that brings nothing new is the last one, whatever the count says.
            if (runners.Count == known || runners.Count >= answer.TotalCount)
                return runners.Count == answer.TotalCount ? [.. runners.Values] : null;
        }
    }

    /// <returns>Null: GitHub does not know this version, or, as GitHub Enterprise Server, has no such call.</returns>
    public async Task<VersionLife?> VersionLifeAsync(GitHubScope scope, string version, CancellationToken cancel)
    {
        try
        {
            return await connection.SendAsync(
                scope, HttpMethod.Get, $"{scope.Api}/{scope.Path}/actions/runners/deprecations/{Uri.EscapeDataString(version)}", await TokenAsync(scope, cancel), null,
                GitHubJson.Default.VersionLife, cancel);
        }
        catch (GitHubFault fault) when (fault.Status == 404)
        {
            return null;
        }
    }

    public void ForgetGroups()
    {
        lock (gate)
            groups.Clear();
    }

    private async Task<long> GroupAsync(GitHubScope scope, string? name, CancellationToken cancel)
    {
        // Repositories have no groups of their own; GitHub wants a 1 there.
        if (scope.IsRepository)
            return 1;
        lock (gate)
        {
            if (groups.TryGetValue((scope, name), out var known))
                return known;
        }
        var all = await GroupsAsync(scope, cancel);
        var group = all.FirstOrDefault(group => name is null ? group.Default : group.Name.Equals(name, StringComparison.OrdinalIgnoreCase))
            ?? throw new GitHubFault(FaultKind.Refused, $"{scope} has no runner group {name ?? "that is its default"}; it has: {string.Join(", ", all.Select(group => group.Name))}.");
        lock (gate)
            return groups[(scope, name)] = group.Id;
    }

    private async Task<List<RunnerGroup>> GroupsAsync(GitHubScope scope, CancellationToken cancel)
    {
        var groups = new List<RunnerGroup>();
        for (var page = 1; ; page++)
        {
            var answer = await CallAsync(
                HttpMethod.Get, scope, $"actions/runner-groups?per_page={PageSize}&page={page}", null, GitHubJson.Default.RunnerGroupPage, cancel);
            groups.AddRange(answer.RunnerGroups);
            if (answer.RunnerGroups.Count == 0 || groups.Count >= answer.TotalCount)
                return groups;
        }
    }

    private async Task<T> CallAsync<T>(
        HttpMethod method, GitHubScope scope, string path, byte[]? body, JsonTypeInfo<T> answer, CancellationToken cancel)
    {
        try
        {
            return await connection.SendAsync(scope, method, $"{scope.Api}/{scope.Path}/{path}", await TokenAsync(scope, cancel), body, answer, cancel);
        }
        catch (GitHubFault fault) when (fault.Kind == FaultKind.Denied)
        {
            // Ask for everything anew next time: the token may have been revoked, the group deleted.
            credentials.Forget();
            ForgetGroups();
            throw;
        }
    }

    private Task<string> TokenAsync(GitHubScope scope, CancellationToken cancel) => credentials.TokenAsync(scope, cancel);
}
