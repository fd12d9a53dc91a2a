using System.Collections.Immutable;

namespace Lab.GitHub.Rest;

/// <summary>Who calls the REST API, and what the credential may do.</summary>
/// <param name="Account">The only owner it reaches; null: all.</param>
internal sealed record Caller(string Key, CallerKind Kind, string Login, ImmutableArray<string> Grants, string? Account)
{
    /// <summary>Throws what GitHub answers when the right is missing: it hides from classic tokens, and tells the others.</summary>
    public void Demand(Permission permission, string owner, HttpResponse response)
    {
        if (Kind == CallerKind.Classic)
        {
            response.Headers["X-OAuth-Scopes"] = string.Join(", ", Grants);
            response.Headers["X-Accepted-OAuth-Scopes"] = permission.Scope;
        }
        else
            response.Headers["X-Accepted-GitHub-Permissions"] = permission.ToString();

        if (Account is not null && !Account.Equals(owner, StringComparison.OrdinalIgnoreCase))
            throw RestRefusal.NotFound();
        if (!Has(permission))
            throw Refusal(permission);
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

internal enum CallerKind { Anonymous, Classic, FineGrained, App, Installation }
