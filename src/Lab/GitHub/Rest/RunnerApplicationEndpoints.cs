namespace Lab.GitHub.Rest;

/// <summary>The runner program itself: where to download it, and until when a version may be used.</summary>
internal sealed class RunnerApplicationEndpoints(GitHubOptions options, Accounts accounts, ReleaseFiles files)
{
    // Measured at GitHub: 62 to 70 days after the next release came out.
    private static readonly TimeSpan Support = TimeSpan.FromDays(65);

    public void Map(RestRoutes routes)
    {
        foreach (var scope in Accounts.Scopes)
        {
            routes.Get($"{scope}/actions/runners/downloads", Downloads);
            routes.Get($"{scope}/actions/runners/deprecations/{{version}}", Deprecation);
        }
    }

    private IResult Downloads(RestCall call)
    {
        accounts.Scope(call, write: false);
        var newest = files.All().FirstOrDefault();
        return Results.Json(newest is null ? [] : newest.Files.Select(file => Body(newest, file)).ToArray());
    }

    private object Body(Release release, FileInfo file)
    {
        var parts = file.Name.Split('-');
        return new
        {
            os = parts[2],
            architecture = parts[3],
            download_url = $"{options.PublicUrl}/actions/runner/releases/download/{release.Tag}/{file.Name}",
            filename = file.Name,
            sha256_checksum = files.Digest(file),
        };
    }

    /// <summary>No date for the newest; the others end some time after their successor.</summary>
    private IResult Deprecation(RestCall call)
    {
        accounts.Scope(call, write: false);
        var all = files.All();
        var at = all.FindIndex(release => release.Version == call.Route("version"));
        if (at < 0)
            throw RestRefusal.NotFound();

        return Results.Json(new
        {
            runner_version = all[at].Version,
            registration_deprecates_at = (DateTimeOffset?)null,
            runtime_deprecates_at = at == 0 ? (DateTimeOffset?)null : new DateTimeOffset(all[at - 1].Files[0].LastWriteTimeUtc) + Support,
        });
    }
}
