using System.Text;
using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>Issues and their comments as the REST API shows them.</summary>
internal sealed class IssueBodies(GitHubOptions options)
{
    public Dictionary<string, object?> Of(Issue issue)
    {
        var repository = $"{options.PublicUrl}/api/v3/repos/{issue.Repository}";
        var api = $"{repository}/issues/{issue.Number}";
        return new()
        {
            ["id"] = issue.Id,
            ["node_id"] = $"I_{issue.Id}",
            ["number"] = issue.Number,
            ["title"] = issue.Title,
            ["body"] = issue.Body,
            ["state"] = issue.Closed is null ? "open" : "closed",
            ["state_reason"] = issue.StateReason,
            ["user"] = User(issue.Author),
            ["labels"] = issue.Labels.Select(label => Label(label, repository)).ToArray(),
            ["assignee"] = null,
            ["assignees"] = Array.Empty<object>(),
            ["milestone"] = null,
            ["locked"] = false,
            ["active_lock_reason"] = null,
            ["comments"] = issue.Comments.Count,
            ["author_association"] = "OWNER",
            ["closed_by"] = issue.ClosedBy is { } closer ? User(closer) : null,
            ["created_at"] = issue.Created,
            ["updated_at"] = issue.Updated,
            ["closed_at"] = issue.Closed,
            ["url"] = api,
            ["html_url"] = $"{options.PublicUrl}/{issue.Repository}/issues/{issue.Number}",
            ["repository_url"] = repository,
            ["labels_url"] = $"{api}/labels{{/name}}",
            ["comments_url"] = $"{api}/comments",
            ["events_url"] = $"{api}/events",
            ["timeline_url"] = $"{api}/timeline",
        };
    }

    public object Of(Issue issue, IssueComment comment) => new
    {
        id = comment.Id,
        node_id = $"IC_{comment.Id}",
        url = $"{options.PublicUrl}/api/v3/repos/{issue.Repository}/issues/comments/{comment.Id}",
        html_url = $"{options.PublicUrl}/{issue.Repository}/issues/{issue.Number}#issuecomment-{comment.Id}",
        issue_url = $"{options.PublicUrl}/api/v3/repos/{issue.Repository}/issues/{issue.Number}",
        user = User(comment.Author),
        body = comment.Body,
        author_association = "OWNER",
        created_at = comment.Created,
        updated_at = comment.Created,
    };

    private Dictionary<string, object?> User(string login) =>
        AccountBodies.User(login, options.PublicUrl, login.EndsWith("[bot]", StringComparison.Ordinal) ? "Bot" : "User");

    private static Dictionary<string, object?> Label(string name, string repository) => new()
    {
        ["id"] = StableId.Of(name),
        ["node_id"] = $"LA_{Convert.ToHexStringLower(Encoding.UTF8.GetBytes(name))}",
        ["url"] = $"{repository}/labels/{Uri.EscapeDataString(name)}",
        ["name"] = name,
        ["description"] = null,
        ["color"] = "ededed",
        ["default"] = false,
    };
}
