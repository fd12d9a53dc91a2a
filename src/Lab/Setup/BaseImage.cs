namespace Lab.Setup;

/// <summary>Debian as an image: pulled where a registry can be reached, else made from the distribution's packages.</summary>
internal sealed record BaseImage(LabOptions Options, Action<string> Say)
{
    public const string Upstream = "debian:trixie";
    private const string Keyring = "/usr/share/keyrings/debian-archive-keyring.gpg";
    private const string MadeHere = "runnerbuild.made=debian-trixie";
    private static readonly TimeSpan FirstWord = TimeSpan.FromSeconds(10);
    private static readonly TimeSpan WholePull = TimeSpan.FromMinutes(10);

    /// <summary>True when it was not there before.</summary>
    public async Task<bool> EnsureAsync(CancellationToken cancel)
    {
        if (await Docker.HasImageAsync(Options.BaseImage, cancel))
            return false;
        if (await ExistingAsync(cancel) is { } image)
            await Docker.RunAsync(["tag", image, Options.BaseImage], cancel);
        else if (await PullAsync(cancel) is { Length: > 0 } refusal)
            await MakeAsync(refusal, cancel);
        return true;
    }

    /// <summary>One that is on this machine already, from another lab or from a registry.</summary>
    private static async Task<string?> ExistingAsync(CancellationToken cancel) =>
        (await Docker.LinesAsync(["image", "ls", "--quiet", "--filter", "reference=*/debian:trixie", "--filter", $"label={MadeHere}"], cancel)).FirstOrDefault()
        ?? (await Docker.LinesAsync(["image", "ls", "--quiet", "--filter", $"reference={Upstream}"], cancel)).FirstOrDefault();

    /// <summary>Why it could not be pulled; empty when it was.</summary>
    private async Task<string> PullAsync(CancellationToken cancel)
    {
        // A registry that answers gets the time that the download takes; one that does not is given up soon.
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(FirstWord);
        try
        {
            var pull = Docker.Command("pull", Upstream) with { Seen = _ => limit.CancelAfter(WholePull) };
            var result = await pull.RunAsync(limit.Token);
            if (result.ExitCode != 0)
                return result.Reason();
        }
        catch (OperationCanceledException) when (!cancel.IsCancellationRequested)
        {
            return "the registry did not answer in time";
        }
        Say($"image {Options.BaseImage}: pulled {Upstream}");
        await Docker.RunAsync(["tag", Upstream, Options.BaseImage], cancel);
        await Docker.RunAsync(["rmi", Upstream], cancel);
        return "";
    }

    private async Task MakeAsync(string refusal, CancellationToken cancel)
    {
        if (!Environment.IsPrivilegedProcess)
            throw new LabException(
                $"The image {Upstream} cannot be had.", $"pulling it: {refusal}; and making it with debootstrap needs root.",
                $"Run the same command as root once, or load an image `{Upstream}` with `docker load`.");
        await Packages.EnsureAsync(["debootstrap"], Say, cancel);
        var archive = await DebianArchive.FindAsync(AptSources.OfMachine(), cancel);
        Say($"image {Options.BaseImage}: no registry can be reached, making it with debootstrap from {archive.Main} (about half a minute)");
        var work = Directory.CreateTempSubdirectory("lab-base-");
        try
        {
            await BootstrapAsync(archive, Path.Combine(work.FullName, "root"), cancel);
            await ImportAsync(work.FullName, cancel);
        }
        finally
        {
            work.Delete(recursive: true);
        }
    }

    private static async Task BootstrapAsync(DebianArchive archive, string root, CancellationToken cancel)
    {
        // An older debootstrap may not know the release by name yet; the script is the same for all of the last ten years.
        var script = File.Exists($"/usr/share/debootstrap/scripts/{DebianArchive.Suite}") ? DebianArchive.Suite : "sid";
        await new LocalCommand(
            "debootstrap",
            ["--variant=minbase", $"--keyring={Keyring}", .. archive.NeedsCertificates ? ["--include=ca-certificates"] : Array.Empty<string>(),
                DebianArchive.Suite, root, $"{archive.Main}", $"/usr/share/debootstrap/scripts/{script}"]).OutputAsync(cancel);
        await File.WriteAllTextAsync(Path.Combine(root, "etc/apt/sources.list"), archive.SourcesList, cancel);
        // As in Docker's own Debian images: a container that loses power needs no consistent dpkg database.
        await File.WriteAllTextAsync(Path.Combine(root, "etc/dpkg/dpkg.cfg.d/container"), "force-unsafe-io\n", cancel);
        await new LocalCommand("chroot", root, "apt-get", "clean").OutputAsync(cancel);
        foreach (var list in Directory.EnumerateFiles(Path.Combine(root, "var/lib/apt/lists")))
            File.Delete(list);
    }

    private async Task ImportAsync(string work, CancellationToken cancel)
    {
        var archive = Path.Combine(work, "root.tar");
        await new LocalCommand("tar", "--create", "--numeric-owner", "--xattrs", $"--file={archive}", $"--directory={work}/root", ".").OutputAsync(cancel);
        await Docker.RunAsync(
            ["import", "--change", $"LABEL {MadeHere}", "--change", "CMD [\"bash\"]",
                "--change", "ENV PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", archive, Options.BaseImage], cancel);
    }
}
