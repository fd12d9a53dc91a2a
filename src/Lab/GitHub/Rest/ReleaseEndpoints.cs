namespace Lab.GitHub.Rest;

/// <summary>Releases of `actions/runner`, open to all as on github.com, and their downloads.</summary>
internal sealed class ReleaseEndpoints(GitHubOptions options, ReleaseFiles files)
{
    private const string Repository = "/repos/actions/runner/releases";

    public void Map(RestRoutes routes, IEndpointRouteBuilder endpoints)
    {
        routes.Get(Repository, call => Results.Json(call.Page(files.All()).Select(Body).ToArray()), open: true);
        routes.Get($"{Repository}/latest", _ => One(files.All().FirstOrDefault()), open: true);
        routes.Get($"{Repository}/tags/{{tag}}", call => One(files.All().Find(release => release.Tag == call.Route("tag"))), open: true);
        endpoints.MapMethods("/actions/runner/releases/download/{tag}/{name}", [HttpMethods.Get, HttpMethods.Head], Download);
    }

    private IResult One(Release? release) => release is null ? throw RestRefusal.NotFound() : Results.Json(Body(release));

    private IResult Download(string tag, string name) => files.Path(tag, name) is { } path
        ? Results.File(path, "application/octet-stream", name, enableRangeProcessing: true)
        : Results.NotFound();

    private object Body(Release release) => new
    {
        id = Id(release.Tag),
        node_id = $"RE_{release.Tag}",
        tag_name = release.Tag,
        target_commitish = "main",
        name = release.Tag,
        body = string.Concat(release.Files.Select(file => $"- {file.Name} <!-- BEGIN SHA -->{files.Digest(file)}<!-- END SHA -->\n")),
        draft = false,
        prerelease = false,
        created_at = release.Files[0].LastWriteTimeUtc,
        published_at = release.Files[0].LastWriteTimeUtc,
        url = $"{options.PublicUrl}/api/v3{Repository}/{Id(release.Tag)}",
        html_url = $"{options.PublicUrl}/actions/runner/releases/tag/{release.Tag}",
        assets_url = $"{options.PublicUrl}/api/v3{Repository}/{Id(release.Tag)}/assets",
        tarball_url = $"{options.PublicUrl}/api/v3/repos/actions/runner/tarball/{release.Tag}",
        zipball_url = $"{options.PublicUrl}/api/v3/repos/actions/runner/zipball/{release.Tag}",
        upload_url = $"{options.PublicUrl}/api/uploads{Repository}/{Id(release.Tag)}/assets{{?name,label}}",
        author = AccountBodies.User("github-actions[bot]", options.PublicUrl),
        assets = release.Files.Select(file => Asset(release, file)).ToArray(),
    };

    private object Asset(Release release, FileInfo file) => new
    {
        id = Id(file.Name),
        node_id = $"RA_{file.Name}",
        name = file.Name,
        label = "",
        state = "uploaded",
        content_type = "application/octet-stream",
        size = file.Length,
        digest = $"sha256:{files.Digest(file)}",
        download_count = 0,
        created_at = file.LastWriteTimeUtc,
        updated_at = file.LastWriteTimeUtc,
        url = $"{options.PublicUrl}/api/v3{Repository}/assets/{Id(file.Name)}",
        browser_download_url = $"{options.PublicUrl}/actions/runner/releases/download/{release.Tag}/{file.Name}",
        uploader = AccountBodies.User("github-actions[bot]", options.PublicUrl),
    };

    private static int Id(string name) => StableId.Of(name);
}

/// <summary>Numbers for things that are known by name: the same at every start.</summary>
internal static class StableId
{
    public static int Of(string name) =>
        BitConverter.ToInt32(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes(name))) & int.MaxValue;
}
