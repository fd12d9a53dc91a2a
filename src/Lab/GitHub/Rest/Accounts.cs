using System.Collections.Immutable;
using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>The organizations, repositories and enterprises that exist, and the runner scopes they make.</summary>
internal sealed class Accounts(GitHubOptions options)
{
    private static readonly ImmutableArray<RunnerGroup> OnlyDefault = [new(1, "Default", true)];

    /// <summary>The patterns of runner scopes below `/api/v3`.</summary>
    public static readonly ImmutableArray<string> Scopes = ["/orgs/{org}", "/repos/{owner}/{repo}", "/enterprises/{enterprise}"];

    public Organization? Organization(string name) => options.Organizations.FirstOrDefault(o => Same(o.Name, name));

    public string? Repository(string owner, string name) => options.Repositories.FirstOrDefault(r => Same(r, $"{owner}/{name}"));

    /// <summary>The repository of the path, after its caller was found to have the permission.</summary>
    public string Repository(RestCall call, Permission permission)
    {
        var repository = Repository(call.Route("owner"), call.Route("repo")) ?? throw RestRefusal.NotFound();
        call.Demand(permission, call.Route("owner"));
        if (call.Caller.Only is not null || !Reaches(call.Caller, repository))
            throw RestRefusal.NotFound();
        return repository;
    }

    /// <summary>The runner scope of the path, after its caller was found to have the right.</summary>
    public RunnerScope Scope(RestCall call, bool write)
    {
        var scope = Find(call) ?? throw RestRefusal.NotFound();
        call.Demand(Permission.Runners(scope, write), scope.Owner);
        if (call.Caller.Only is { } only && only != scope || scope.Kind == RunnerScope.Repository && !Reaches(call.Caller, scope.Name))
            throw RestRefusal.NotFound();
        return scope;
    }

    /// <summary>The runner that the path names, when it is of the path's scope.</summary>
    public Registration Runner(RestCall call, GitHubState state, bool write)
    {
        var scope = Scope(call, write);
        return state.Look(document => document.Registration(call.Number("id"))) is { } runner && runner.Scope == scope.ToString()
            ? runner
            : throw RestRefusal.NotFound(RunnerDocumentation.Of(scope, "get-a-self-hosted-runner"));
    }

    public bool IsPublic(string repository) => options.PublicRepositories.Contains(repository, StringComparer.OrdinalIgnoreCase);

    /// <summary>Whether a runner's group takes jobs of the repository.</summary>
    public bool Admits(Registration runner, string repository)
    {
        var scope = RunnerScope.Parse(runner.Scope);
        return scope.Kind == RunnerScope.Repository || Groups(scope).Any(group => group.Id == runner.GroupId && group.Admits(repository, IsPublic(repository)));
    }

    public ImmutableArray<RunnerGroup> Groups(RunnerScope scope) =>
        scope.Kind == RunnerScope.Organization ? Organization(scope.Name)!.Groups : OnlyDefault;

    private RunnerScope? Find(RestCall call)
    {
        if (call.Route("org") is { Length: > 0 } organization)
            return Organization(organization) is { } found ? new(RunnerScope.Organization, found.Name) : null;

        if (call.Route("enterprise") is { Length: > 0 } enterprise)
            return options.Enterprises.FirstOrDefault(e => Same(e, enterprise)) is { } known ? new(RunnerScope.Enterprise, known) : null;

        return Repository(call.Route("owner"), call.Route("repo")) is { } repository ? new(RunnerScope.Repository, repository) : null;
    }

    private static bool Reaches(Caller caller, string repository) => caller.Repositories.IsEmpty || caller.Repositories.Any(name => Same(name, repository));

    private static bool Same(string a, string b) => a.Equals(b, StringComparison.OrdinalIgnoreCase);
}
