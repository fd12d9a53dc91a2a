using Lab.GitHub.Workflows;

namespace Lab.GitHub.Rest;

/// <summary>Workflows of a repository and their dispatch.</summary>
internal sealed class WorkflowEndpoints(GitHubOptions options, Accounts accounts, WorkflowFolder folder, Runs runs)
{
    private const string Workflows = "/repos/{owner}/{repo}/actions/workflows";
    private const string Documentation = "https://docs.github.com/rest/actions/workflows#create-a-workflow-dispatch-event";

    public void Map(RestRoutes routes)
    {
        routes.Get(Workflows, List);
        routes.Get($"{Workflows}/{{workflow}}", Get);
        routes.Post($"{Workflows}/{{workflow}}/dispatches", Dispatch);
    }

    private IResult List(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.ReadActions);
        var paths = folder.PathsOf(repository);
        return Results.Json(new { total_count = paths.Count, workflows = call.Page(paths).Select(path => Body(repository, path)).ToArray() });
    }

    private IResult Get(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.ReadActions);
        return Results.Json(Body(repository, PathOf(call, repository)));
    }

    private IResult Dispatch(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.WriteActions);
        var path = PathOf(call, repository);
        if (call.Text("ref") is not { } reference)
            throw RestRefusal.Unprocessable("Invalid request.\n\n\"ref\" wasn't supplied.", Documentation);

        var branch = reference.StartsWith("refs/heads/", StringComparison.Ordinal) ? reference["refs/heads/".Length..] : reference;
        if (branch != "main")
            throw RestRefusal.Unprocessable($"No ref found for: {reference}", Documentation);

        var file = Read(repository, path);
        var run = runs.Start(file, repository, path, branch, call.Caller.Login, Inputs(call, file));
        return call.Field("return_run_details") is { ValueKind: System.Text.Json.JsonValueKind.True }
            ? Results.Json(new
            {
                workflow_run_id = run.Id,
                run_url = $"{options.PublicUrl}/api/v3/repos/{repository}/actions/runs/{run.Id}",
                html_url = $"{options.PublicUrl}/{repository}/actions/runs/{run.Id}",
            })
            : Results.NoContent();
    }

    private static Dictionary<string, string> Inputs(RestCall call, WorkflowFile file)
    {
        var given = call.Field("inputs") is { ValueKind: System.Text.Json.JsonValueKind.Object } inputs
            ? inputs.EnumerateObject().ToDictionary(input => input.Name, input => input.Value.ToString())
            : [];
        if (given.Keys.Except(file.Inputs.Keys).ToArray() is { Length: > 0 } unknown)
            throw RestRefusal.Unprocessable($"Unexpected inputs provided: [\"{string.Join("\", \"", unknown)}\"]", Documentation);
        if (file.Inputs.FirstOrDefault(input => input.Value is { Required: true, Default: "" } && !given.ContainsKey(input.Key)).Key is { } missing)
            throw RestRefusal.Unprocessable($"Required input '{missing}' not provided", Documentation);

        return file.Inputs.ToDictionary(input => input.Key, input => given.GetValueOrDefault(input.Key, input.Value.Default));
    }

    private WorkflowFile Read(string repository, string path)
    {
        try
        {
            return WorkflowReader.Read(path, folder.Text(repository, path));
        }
        catch (WorkflowProblem problem)
        {
            throw RestRefusal.Unprocessable(problem.Message, Documentation);
        }
    }

    private string PathOf(RestCall call, string repository) =>
        folder.Find(repository, call.Route("workflow")) ?? throw RestRefusal.NotFound("https://docs.github.com/rest/actions/workflows#get-a-workflow");

    private object Body(string repository, string path) => new
    {
        id = WorkflowFolder.Number(repository, path),
        node_id = $"W_{WorkflowFolder.Number(repository, path)}",
        name = Path.GetFileNameWithoutExtension(path),
        path,
        state = "active",
        created_at = DateTimeOffset.UnixEpoch,
        updated_at = DateTimeOffset.UnixEpoch,
        url = $"{options.PublicUrl}/api/v3/repos/{repository}/actions/workflows/{WorkflowFolder.Number(repository, path)}",
        html_url = $"{options.PublicUrl}/{repository}/blob/main/{path}",
        badge_url = $"{options.PublicUrl}/{repository}/workflows/badge.svg",
    };
}
