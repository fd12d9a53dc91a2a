namespace Lab.Hosts;

/// <summary>Snapshots of a machine's disk: its file system as an image and its volumes as copies, all of one moment. A machine that was never started has none.</summary>
/// <param name="Tools">An image with `cp`.</param>
internal sealed record DiskSnapshots(VmContainer Machine, string Tools)
{
    private string Repository => $"{Machine.Options.Name}/disk-{Machine.VmId}";

    /// <summary>The image of a machine that was rolled back. No snapshot can have this name.</summary>
    private string Restored => $"{Repository}:current";

    /// <param name="fresh">Of a machine that never was.</param>
    public async Task<string> ImageAsync(string fresh, CancellationToken cancel) => await Docker.HasImageAsync(Restored, cancel) ? Restored : fresh;

    /// <param name="state">Docker's word for the container's; null: there is none.</param>
    public async Task TakeAsync(string name, string? state, CancellationToken cancel)
    {
        if (state is null)
            return;
        var runs = state == "running";
        if (runs)
            await Docker.RunAsync(["pause", Machine.Name], cancel);
        try
        {
            await Docker.RunAsync(["commit", "--pause=false", Machine.Name, Image(name)], cancel);
            foreach (var volume in Machine.Volumes)
                await CopyAsync(volume, Copy(volume, name), cancel);
        }
        catch
        {
            await DeleteAsync(name, CancellationToken.None);
            throw;
        }
        finally
        {
            if (runs)
                await Docker.RunAsync(["unpause", Machine.Name], CancellationToken.None);
        }
    }

    /// <summary>Makes the disk what it was; the container is removed, and the next start makes it anew.</summary>
    public async Task RestoreAsync(string name, CancellationToken cancel)
    {
        await Docker.RunAsync(["rm", "--force", "--volumes", Machine.Name], cancel);
        await Docker.RunAsync(["volume", "rm", "--force", .. Machine.Volumes], cancel);
        if (!await Docker.HasImageAsync(Image(name), cancel))
        {
            await Docker.RunAsync(["image", "rm", "--force", Restored], cancel);
            return;
        }
        foreach (var volume in Machine.Volumes)
            await CopyAsync(Copy(volume, name), volume, cancel);
        await Docker.RunAsync(["tag", Image(name), Restored], cancel);
    }

    public async Task DeleteAsync(string name, CancellationToken cancel)
    {
        await Docker.RunAsync(["image", "rm", "--force", Image(name)], cancel);
        await Docker.RunAsync(["volume", "rm", "--force", .. Machine.Volumes.Select(volume => Copy(volume, name))], cancel);
    }

    /// <summary>Removes all of them.</summary>
    public async Task ClearAsync(CancellationToken cancel)
    {
        var images = await Docker.LinesAsync(["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", $"reference={Repository}"], cancel);
        if (images.Length > 0)
            await Docker.RunAsync(["image", "rm", "--force", .. images], cancel);
        var volumes = await Docker.LinesAsync(["volume", "ls", "--quiet", "--filter", $"label={Machine.Options.Label}"], cancel);
        var copies = volumes.Where(volume => Machine.Volumes.Any(own => volume.StartsWith($"{own}.", StringComparison.Ordinal))).ToList();
        if (copies.Count > 0)
            await Docker.RunAsync(["volume", "rm", "--force", .. copies], cancel);
    }

    private string Image(string name) => $"{Repository}:{name}";

    private static string Copy(string volume, string name) => $"{volume}.{name}";

    // An engine's file system has devices and attributes of its own, which only the mightier may copy.
    private Task<string> CopyAsync(string from, string to, CancellationToken cancel) => Docker.RunAsync(
        [
            "run", "--rm", "--network", "none", "--cap-add", "SYS_ADMIN", "--mount", $"{Machine.Volume(from, "/from")},readonly", "--mount", Machine.Volume(to, "/to"),
            "--entrypoint", "cp", Tools, "--archive", "--reflink=auto", "/from/.", "/to/",
        ],
        cancel);
}
