namespace Lab.GitHub.Rest;

/// <summary>Users and organizations as the REST API shows them.</summary>
internal static class AccountBodies
{
    public static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly string[] UserLinks =
        ["events", "followers", "following", "gists", "organizations", "received_events", "repos", "starred", "subscriptions"];

    private static readonly string[] OrganizationLinks = ["repos", "events", "hooks", "issues", "members", "public_members"];

    /// <summary>In short, as part of something else.</summary>
    public static Dictionary<string, object?> User(string login, string url, string type = "User")
    {
        var body = new Dictionary<string, object?>
        {
            ["login"] = login,
            ["id"] = StableId.Of(login),
            ["node_id"] = $"U_{StableId.Of(login)}",
            ["avatar_url"] = $"{url}/avatars/{login}",
            ["gravatar_id"] = "",
            ["type"] = type,
            ["site_admin"] = false,
            ["url"] = $"{url}/api/v3/users/{Uri.EscapeDataString(login)}",
            ["html_url"] = $"{url}/{Uri.EscapeDataString(login)}",
        };
        foreach (var link in UserLinks)
            body[$"{link}_url"] = $"{body["url"]}/{link}";
        return body;
    }

    /// <summary>At length.</summary>
    public static Dictionary<string, object?> Profile(string login, string url)
    {
        var body = User(login, url);
        foreach (var unsaid in (string[])["bio", "company", "email", "hireable", "location", "name"])
            body[unsaid] = null;
        body["blog"] = "";
        Counted(body);
        return body;
    }

    public static Dictionary<string, object?> Organization(string login, string url)
    {
        var body = new Dictionary<string, object?>
        {
            ["login"] = login,
            ["id"] = StableId.Of(login),
            ["node_id"] = $"O_{StableId.Of(login)}",
            ["type"] = "Organization",
            ["name"] = login,
            ["description"] = null,
            ["url"] = $"{url}/api/v3/orgs/{login}",
            ["html_url"] = $"{url}/{login}",
            ["avatar_url"] = $"{url}/avatars/{login}",
            ["has_organization_projects"] = false,
            ["has_repository_projects"] = false,
            ["archived_at"] = null,
            ["plan"] = new { name = "free", space = 0, private_repos = 0 },
        };
        foreach (var link in OrganizationLinks)
            body[$"{link}_url"] = $"{body["url"]}/{link}";
        Counted(body);
        return body;
    }

    private static void Counted(Dictionary<string, object?> body)
    {
        foreach (var count in (string[])["followers", "following", "public_gists", "public_repos"])
            body[count] = 0;
        body["created_at"] = LongAgo;
        body["updated_at"] = LongAgo;
    }
}
