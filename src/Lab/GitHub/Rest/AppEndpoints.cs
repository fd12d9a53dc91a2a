using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace Lab.GitHub.Rest;

/// <summary>GitHub Apps: their installations, and the tokens of these.</summary>
internal sealed class AppEndpoints(GitHubOptions options, Accounts accounts, Access access, TimeProvider time)
{
    private const string Documentation = "https://docs.github.com/rest/apps/apps#create-an-installation-access-token-for-an-app";

    public void Map(RestRoutes routes)
    {
        routes.Get("/app", App);
        routes.Get("/app/installations", call => Results.Json(call.Page(Caller(call).Installations).Select(i => Body(Caller(call), i)).ToArray()));
        routes.Get("/app/installations/{id:long}", call => Results.Json(Body(Caller(call), ById(call))));
        routes.Get("/orgs/{org}/installation", call => On(call, accounts.Organization(call.Route("org"))?.Name));
        routes.Get("/repos/{owner}/{repo}/installation", call => On(call, accounts.Repository(call.Route("owner"), call.Route("repo"))?.Split('/')[0]));
        routes.Get("/users/{user}/installation", call => On(call, call.Route("user")));
        routes.Post("/app/installations/{id:long}/access_tokens", Token);
    }

    private IResult App(RestCall call)
    {
        var app = Caller(call);
        return Results.Json(new
        {
            id = app.Id,
            client_id = app.ClientId,
            slug = $"app-{app.Id}",
            name = $"app-{app.Id}",
            node_id = $"A_{app.Id}",
            description = (string?)null,
            external_url = options.PublicUrl,
            html_url = $"{options.PublicUrl}/apps/app-{app.Id}",
            permissions = Permissions([.. app.Installations.SelectMany(i => i.Permissions).Distinct()]),
            events = Array.Empty<string>(),
            owner = AccountBodies.User("lab-admin", options.PublicUrl),
            created_at = time.GetUtcNow(),
            updated_at = time.GetUtcNow(),
        });
    }

    private IResult On(RestCall call, string? account)
    {
        var app = Caller(call);
        var installation = app.Installations.FirstOrDefault(i => i.Account.Equals(account, StringComparison.OrdinalIgnoreCase));
        return installation is null ? throw RestRefusal.NotFound() : Results.Json(Body(app, installation));
    }

    private IResult Token(RestCall call)
    {
        var installation = ById(call);
        var (permissions, repositories) = (Narrowed(call, installation), Repositories(call, installation));
        var (token, until) = access.TokenFor(Caller(call), installation, permissions, repositories);
        return Results.Json(
            new
            {
                token,
                expires_at = until.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture),
                permissions = Permissions(permissions),
                repository_selection = repositories.IsEmpty ? "all" : "selected",
            },
            statusCode: StatusCodes.Status201Created);
    }

    /// <summary>The permissions that the body asks for, each within the installation's; without, all of them.</summary>
    private static ImmutableArray<string> Narrowed(RestCall call, Installation installation)
    {
        if (call.Field("permissions") is not { ValueKind: JsonValueKind.Object } wanted)
            return installation.Permissions;

        ImmutableArray<string> asked = [.. wanted.EnumerateObject().Select(one => $"{one.Name}:{one.Value}")];
        return asked.All(one => installation.Permissions.Contains(one) || one.EndsWith(":read", StringComparison.Ordinal) && installation.Permissions.Contains(one.Replace(":read", ":write", StringComparison.Ordinal)))
            ? asked
            : throw RestRefusal.Unprocessable("The permissions requested are not granted to this installation.", Documentation);
    }

    private ImmutableArray<string> Repositories(RestCall call, Installation installation)
    {
        if (call.Field("repositories") is not { ValueKind: JsonValueKind.Array } wanted)
            return [];

        ImmutableArray<string> asked = [.. wanted.EnumerateArray().Select(name => $"{installation.Account}/{name}")];
        return asked.All(name => accounts.Repository(installation.Account, name.Split('/')[1]) is not null)
            ? asked
            : throw RestRefusal.Unprocessable("There is at least one repository that does not exist or is not accessible to the parent installation.", Documentation);
    }

    private Installation ById(RestCall call) =>
        Caller(call).Installations.FirstOrDefault(i => i.Id == call.Number("id")) ?? throw RestRefusal.NotFound();

    private GitHubApp Caller(RestCall call) =>
        access.App(call.Caller) ?? throw new RestRefusal(401, "A JSON web token could not be decoded");

    private object Body(GitHubApp app, Installation installation) => new
    {
        id = installation.Id,
        app_id = app.Id,
        client_id = app.ClientId,
        app_slug = $"app-{app.Id}",
        account = AccountBodies.User(installation.Account, options.PublicUrl, TypeOf(installation.Account)),
        target_id = StableId.Of(installation.Account),
        target_type = TypeOf(installation.Account),
        repository_selection = "all",
        permissions = Permissions(installation.Permissions),
        repositories_url = $"{options.PublicUrl}/api/v3/installation/repositories",
        html_url = $"{options.PublicUrl}/organizations/{installation.Account}/settings/installations/{installation.Id}",
        single_file_name = (string?)null,
        suspended_at = (string?)null,
        suspended_by = (object?)null,
        events = Array.Empty<string>(),
        access_tokens_url = $"{options.PublicUrl}/api/v3/app/installations/{installation.Id}/access_tokens",
        created_at = time.GetUtcNow(),
        updated_at = time.GetUtcNow(),
    };

    private string TypeOf(string account) => accounts.Organization(account) is null ? "User" : "Organization";

    private static Dictionary<string, string> Permissions(ImmutableArray<string> permissions) =>
        permissions.Select(p => p.Split(':')).ToDictionary(p => p[0], p => p[^1]);
}
