using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;
using Lab.GitHub.Workflows;

namespace Lab.GitHub.Rest;

/// <summary>What is in repositories: their workflows, and their one commit with its archive.</summary>
internal sealed partial class SourceEndpoints(GitHubOptions options, Accounts accounts, WorkflowFolder folder)
{
    private const string Documentation = "https://docs.github.com/rest/repos/contents#get-repository-content";

    public void Map(RestRoutes routes)
    {
        routes.Get("/repos/{owner}/{repo}/contents/{**path}", Content);
        routes.Get("/repos/{owner}/{repo}/commits/{**reference}", Commit);
        routes.Get("/repos/{owner}/{repo}/tarball/{**reference}", Archive);
    }

    private IResult Content(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.Contents);
        var paths = folder.PathsOf(repository);
        if (call.Route("path").TrimEnd('/') == ".github/workflows" && paths.Count > 0)
            return Results.Json(paths.Select(path => Body(repository, path, whole: false)).ToArray());
        return paths.Contains(call.Route("path")) ? Results.Json(Body(repository, call.Route("path"), whole: true)) : throw RestRefusal.NotFound(Documentation);
    }

    /// <summary>Only its name, which the media type asks for.</summary>
    private IResult Commit(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.Contents);
        return Known(call, repository) is { } commit
            ? Results.Text(commit, "application/vnd.github.v3.sha; charset=utf-8")
            : throw RestRefusal.Unprocessable($"No commit found for SHA: {call.Route("reference")}", "https://docs.github.com/rest/commits/commits#get-a-commit");
    }

    private IResult Archive(RestCall call)
    {
        var repository = accounts.Repository(call, Permission.Contents);
        return Known(call, repository) is { } commit ? Results.Redirect($"{options.PublicUrl}/{repository}/legacy.tar.gz/{commit}") : throw RestRefusal.NotFound();
    }

    /// <summary>Main and every version are the one commit that there is.</summary>
    private static string? Known(RestCall call, string repository) =>
        GitEndpoints.CommitOf(repository) is var commit && (call.Route("reference") == commit || Reference().IsMatch(call.Route("reference"))) ? commit : null;

    private Dictionary<string, object?> Body(string repository, string path, bool whole)
    {
        var text = Encoding.UTF8.GetBytes(folder.Text(repository, path));
        var (api, web) = ($"{options.PublicUrl}/api/v3/repos/{repository}", $"{options.PublicUrl}/{repository}");
        var body = new Dictionary<string, object?>
        {
            ["type"] = "file",
            ["name"] = path.Split('/')[^1],
            ["path"] = path,
            ["sha"] = BlobOf(text),
            ["size"] = text.Length,
            ["url"] = $"{api}/contents/{path}?ref=main",
            ["html_url"] = $"{web}/blob/main/{path}",
            ["git_url"] = $"{api}/git/blobs/{BlobOf(text)}",
            ["download_url"] = $"{web}/raw/main/{path}",
        };
        body["_links"] = new { self = body["url"], git = body["git_url"], html = body["html_url"] };
        if (whole)
            (body["encoding"], body["content"]) = ("base64", Convert.ToBase64String(text, Base64FormattingOptions.InsertLineBreaks).Replace("\r", "", StringComparison.Ordinal) + "\n");
        return body;
    }

    [System.Diagnostics.CodeAnalysis.SuppressMessage("Security", "CA5350", Justification = "It is git's name for a file.")]
    private static string BlobOf(byte[] content) => Convert.ToHexStringLower(SHA1.HashData([.. Encoding.UTF8.GetBytes($"blob {content.Length}\0"), .. content]));

    [GeneratedRegex(@"^(main|v[0-9]+(\.[0-9]+)*)$")]
    private static partial Regex Reference();
}
