namespace Lab.GitHub.Rest;

/// <summary>A repository as the REST API shows it.</summary>
internal static class RepositoryBody
{
    // Relative to the repository's own address; GitHub sends every one of them with each repository.
    private static readonly string[] Links =
    [
        "archive", "assignees", "blobs", "branches", "collaborators", "comments", "commits", "compare", "contents", "contributors", "deployments", "downloads", "events",
        "forks", "git_commits", "git_refs", "git_tags", "hooks", "issue_comment", "issue_events", "issues", "keys", "labels", "languages", "merges", "milestones",
        "notifications", "pulls", "releases", "stargazers", "statuses", "subscribers", "subscription", "tags", "teams", "trees",
    ];

    private static readonly string[] Counts =
        ["forks", "forks_count", "open_issues", "open_issues_count", "size", "stargazers_count", "watchers", "watchers_count", "network_count", "subscribers_count"];

    public static Dictionary<string, object?> Of(string repository, Accounts accounts, string url)
    {
        var (owner, name) = (repository.Split('/')[0], repository.Split('/')[1]);
        var isPublic = accounts.IsPublic(repository);
        var api = $"{url}/api/v3/repos/{repository}";
        var body = new Dictionary<string, object?>
        {
            ["id"] = StableId.Of(repository),
            ["node_id"] = $"R_{StableId.Of(repository)}",
            ["name"] = name,
            ["full_name"] = repository,
            ["private"] = !isPublic,
            ["visibility"] = isPublic ? "public" : "private",
            ["owner"] = AccountBodies.User(owner, url, accounts.Organization(owner) is not null ? "Organization" : "User"),
            ["default_branch"] = "main",
            ["description"] = null,
            ["homepage"] = null,
            ["language"] = null,
            ["license"] = null,
            ["mirror_url"] = null,
            ["fork"] = false,
            ["archived"] = false,
            ["disabled"] = false,
            ["permissions"] = new { admin = true, maintain = true, push = true, triage = true, pull = true },
            ["url"] = api,
            ["html_url"] = $"{url}/{repository}",
            ["clone_url"] = $"{url}/{repository}.git",
            ["git_url"] = $"{url}/{repository}.git",
            ["ssh_url"] = $"git@{new Uri(url).Host}:{repository}.git",
            ["svn_url"] = $"{url}/{repository}",
            ["created_at"] = AccountBodies.LongAgo,
            ["updated_at"] = AccountBodies.LongAgo,
            ["pushed_at"] = AccountBodies.LongAgo,
        };
        foreach (var has in (string[])["downloads", "issues", "projects", "wiki", "pages", "discussions"])
            body[$"has_{has}"] = false;
        foreach (var count in Counts)
            body[count] = 0;
        foreach (var link in Links)
            body[$"{link}_url"] = $"{api}/{link.Replace('_', '/')}";
        return body;
    }
}
