using System.Text.Json;
using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>Issues of a repository: listed, opened, changed and commented on.</summary>
internal sealed class IssueEndpoints(GitHubOptions options, Accounts accounts, GitHubState state, TimeProvider time)
{
    private const string All = "/repos/{owner}/{repo}/issues";
    private const string One = $"{All}/{{number}}";
    private const string Documentation = "https://docs.github.com/rest/issues/issues";

    private readonly IssueBodies _bodies = new(options);

    public void Map(RestRoutes routes)
    {
        routes.Get(All, List);
        routes.Post(All, Open);
        routes.Get(One, call => Results.Json(_bodies.Of(Find(call, Permission.ReadIssues))));
        routes.Patch(One, Change);
        routes.Get($"{One}/comments", Comments);
        routes.Post($"{One}/comments", Comment);
    }

    private IResult List(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.ReadIssues);
        var labels = call.Query("labels")?.Split(',', StringSplitOptions.RemoveEmptyEntries) ?? [];
        var wanted = call.Query("state") ?? "open";
        var found = state.Look(document => document.Issues
            .Where(issue => issue.Repository == repository && (wanted == "all" || issue.Closed is null == (wanted == "open")))
            .Where(issue => labels.All(label => issue.Labels.Contains(label, StringComparer.OrdinalIgnoreCase)))
            .Where(issue => call.Query("creator") is not { } creator || issue.Author.Equals(creator, StringComparison.OrdinalIgnoreCase))
            .OrderByDescending(issue => issue.Created).Select(_bodies.Of).ToList());
        return Results.Json(call.Page(found));
    }

    private IResult Open(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.WriteIssues);
        var title = call.Text("title") is { Length: > 0 } given ? given : throw RestRefusal.Unprocessable("Invalid request.\n\n\"title\" wasn't supplied.", Documentation);
        var now = time.GetUtcNow();
        var issue = state.Change(document =>
        {
            var made = new Issue
            {
                Id = document.NextId(), Number = document.Issues.Count(other => other.Repository == repository) + 1, Repository = repository, Author = call.Caller.Login,
                Title = title, Body = call.Text("body"), Labels = LabelsOf(call), Created = now, Updated = now,
            };
            document.Issues.Add(made);
            return made;
        });
        return Results.Json(_bodies.Of(issue), statusCode: 201);
    }

    private IResult Change(RestCall call)
    {
        var issue = Find(call, Permission.WriteIssues);
        if (call.Text("state") is { } wrong and not ("open" or "closed"))
            throw RestRefusal.Unprocessable($"Invalid request.\n\n{wrong} is not a member of [\"open\", \"closed\"].", Documentation);
        state.Change(_ =>
        {
            issue.Updated = time.GetUtcNow();
            issue.Title = call.Text("title") ?? issue.Title;
            issue.Body = call.Text("body") ?? issue.Body;
            issue.Labels = call.Field("labels") is null ? issue.Labels : LabelsOf(call);
            if (call.Text("state") is { } to && to == "closed" != issue.Closed is not null)
                Settle(issue, to == "closed" ? call.Caller.Login : null, call.Text("state_reason"));
            return true;
        });
        return Results.Json(_bodies.Of(issue));
    }

    /// <param name="closer">Null: it is opened again.</param>
    private static void Settle(Issue issue, string? closer, string? reason)
    {
        issue.Closed = closer is null ? null : issue.Updated;
        issue.ClosedBy = closer;
        issue.StateReason = closer is null ? "reopened" : reason ?? "completed";
    }

    private IResult Comments(RestCall call)
    {
        var issue = Find(call, Permission.ReadIssues);
        return Results.Json(call.Page(state.Look(_ => issue.Comments.Select(comment => _bodies.Of(issue, comment)).ToList())));
    }

    private IResult Comment(RestCall call)
    {
        var issue = Find(call, Permission.WriteIssues);
        var body = call.Text("body") is { Length: > 0 } given ? given : throw RestRefusal.Unprocessable("Invalid request.\n\n\"body\" wasn't supplied.", Documentation);
        var comment = state.Change(document =>
        {
            var made = new IssueComment(document.NextId(), call.Caller.Login, body, time.GetUtcNow());
            issue.Comments.Add(made);
            issue.Updated = made.Created;
            return made;
        });
        return Results.Json(_bodies.Of(issue, comment), statusCode: 201);
    }

    /// <summary>Who may not push has no labels given, and is not told.</summary>
    private List<string> LabelsOf(RestCall call) => options.WithoutPush.Contains(call.Caller.Login) || call.Field("labels") is not { ValueKind: JsonValueKind.Array } labels
        ? []
        : [.. labels.EnumerateArray().Select(label => label.ValueKind == JsonValueKind.String ? label.GetString()! : label.GetProperty("name").GetString()!)];

    private Issue Find(RestCall call, Permission permission)
    {
        var repository = accounts.Repository(call, permission);
        var number = call.Number("number");
        return state.Look(document => document.Issues.Find(issue => issue.Repository == repository && issue.Number == number)) ?? throw RestRefusal.NotFound($"{Documentation}#get-an-issue");
    }
}
