using System.Collections.Immutable;
using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>Who calls the REST API, and what the credential may do.</summary>
/// <param name="Account">The only owner it reaches; null: all.</param>
internal sealed record Caller(string Key, CallerKind Kind, string Login, ImmutableArray<string> Grants, string? Account)
{
    /// <summary>The only runner scope it reaches, for a registration token; null: it is not bound to one.</summary>
    public RunnerScope? Only { get; init; }

    /// <summary>When a personal token ends; null: never, or not told.</summary>
    public DateTimeOffset? Expires { get; init; }

    /// <summary>The only repositories that an installation's token reaches; empty: all of its account.</summary>
    public ImmutableArray<string> Repositories { get; init; } = [];

    /// <summary>Throws what GitHub answers when the right is missing: it hides from classic tokens, and tells the others.</summary>
    public void Demand(Permission permission, string owner, HttpResponse response)
    {
        Identify(response);
        if (Kind == CallerKind.Classic)
            response.Headers["X-Accepted-OAuth-Scopes"] = permission.Scope;
        else
            response.Headers["X-Accepted-GitHub-Permissions"] = permission.ToString();

        if (Account is not null && !Account.Equals(owner, StringComparison.OrdinalIgnoreCase))
            throw RestRefusal.NotFound();
        if (!Has(permission))
            throw Refusal(permission);
    }

    /// <summary>What GitHub says of a personal token in each answer: its scopes, or when it ends.</summary>
    public void Identify(HttpResponse response)
    {
        if (Kind == CallerKind.Classic)
            response.Headers["X-OAuth-Scopes"] = string.Join(", ", Grants);
        if (Expires is { } expires)
            response.Headers["GitHub-Authentication-Token-Expiration"] = expires.ToString("yyyy-MM-dd HH:mm:ss 'UTC'", System.Globalization.CultureInfo.InvariantCulture);
    }

    private bool Has(Permission permission) => Kind == CallerKind.Classic
        ? Grants.Contains(permission.Scope)
        : permission == Permission.Metadata
            || Grants.Contains($"{permission.Name}:write")
            || (!permission.Write && Grants.Contains($"{permission.Name}:read"));

    private RestRefusal Refusal(Permission permission) => Kind switch
    {
        CallerKind.Classic when permission.Name == "administration" => new(403, "Must have admin rights to Repository."),
        CallerKind.Classic => RestRefusal.NotFound(),
        CallerKind.FineGrained => new(403, "Resource not accessible by personal access token"),
        _ => new(403, "Resource not accessible by integration"),
    };
}

internal enum CallerKind { Anonymous, Classic, FineGrained, App, Installation, Registration }
