namespace Lab.GitHub.Rest;

/// <summary>Users, organizations and repositories as the REST API shows them.</summary>
internal static class AccountBodies
{
    private static readonly DateTimeOffset LongAgo = new(2020, 1, 1, 0, 0, 0, TimeSpan.Zero);

    public static object User(string login, string url, string type = "User") => new
    {
        login,
        id = StableId.Of(login),
        node_id = $"U_{login}",
        type,
        site_admin = false,
        url = $"{url}/api/v3/users/{login}",
        html_url = $"{url}/{login}",
        avatar_url = $"{url}/avatars/{login}",
        created_at = LongAgo,
        updated_at = LongAgo,
    };

    public static object Organization(string login, string url) => new
    {
        login,
        id = StableId.Of(login),
        node_id = $"O_{login}",
        type = "Organization",
        name = login,
        description = "",
        url = $"{url}/api/v3/orgs/{login}",
        repos_url = $"{url}/api/v3/orgs/{login}/repos",
        html_url = $"{url}/{login}",
        avatar_url = $"{url}/avatars/{login}",
        plan = new { name = "free", space = 0, private_repos = 0 },
        created_at = LongAgo,
        updated_at = LongAgo,
    };

    public static object Repository(string repository, bool organization, string url)
    {
        var (owner, name) = (repository.Split('/')[0], repository.Split('/')[1]);
        return new
        {
            id = StableId.Of(repository),
            node_id = $"R_{repository}",
            name,
            full_name = repository,
            @private = true,
            visibility = "private",
            owner = User(owner, url, organization ? "Organization" : "User"),
            default_branch = "main",
            description = "",
            fork = false,
            archived = false,
            disabled = false,
            permissions = new { admin = true, maintain = true, push = true, triage = true, pull = true },
            url = $"{url}/api/v3/repos/{repository}",
            html_url = $"{url}/{repository}",
            clone_url = $"{url}/{repository}.git",
            created_at = LongAgo,
            updated_at = LongAgo,
            pushed_at = LongAgo,
        };
    }
}
