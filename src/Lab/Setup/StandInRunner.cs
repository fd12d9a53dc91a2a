using System.Security.Cryptography;
using System.Text;
using Lab.GitHub;

namespace Lab.Setup;

/// <summary>The release of the stand-in for GitHub's runner program, built from this repository whenever its sources have changed.</summary>
internal sealed record StandInRunner(LabFiles Files, string? Repository, Action<string> Say)
{
    private static readonly string[] Shared = ["Directory.Build.props", "Directory.Packages.props", "global.json"];

    private string Stamp => Path.Combine(Files.Releases, "sources.sha256");

    public async Task EnsureAsync(CancellationToken cancel)
    {
        var root = Repository ?? FindRoot();
        var project = Path.Combine(root, "src", "Lab.Runner");
        var hash = HashOf(root, project);
        if (File.Exists(Stamp) && await File.ReadAllTextAsync(Stamp, cancel) == hash)
            return;
        Say("runner: publishing the stand-in for GitHub's runner program");
        await new LocalCommand(
            DotNet.Host, "publish", project, "--configuration", "Release", "--runtime", DotNet.RuntimeIdentifier, "--nologo", "--verbosity", "quiet",
            "--artifacts-path", Files.RunnerBuild, "--output", Path.Combine(Files.RunnerBuild, "output")).OutputAsync(cancel);
        RunnerTarball.Pack(Path.Combine(Files.RunnerBuild, "output"), Files.Releases, DotNet.RuntimeIdentifier);
        await File.WriteAllTextAsync(Stamp, hash, cancel);
    }

    private static string HashOf(string root, string project)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        var sources = Directory.EnumerateFiles(project, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal);
        foreach (var file in Shared.Select(name => Path.Combine(root, name)).Concat(sources))
        {
            hash.AppendData(Encoding.UTF8.GetBytes(Path.GetRelativePath(root, file) + "\n"));
            hash.AppendData(SHA256.HashData(File.ReadAllBytes(file)));
        }
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }

    private string FindRoot() => Above(Files.Root) ?? Above(AppContext.BaseDirectory) ?? throw new LabException(
        "The sources of the stand-in runner are not to be found.",
        $"neither {Files.Root} nor {AppContext.BaseDirectory} lies in the repository (no RunnerBuild.sln above them).",
        "Name the repository: `lab up --repository DIRECTORY`.");

    private static string? Above(string directory)
    {
        for (var at = new DirectoryInfo(directory); at is not null; at = at.Parent)
            if (File.Exists(Path.Combine(at.FullName, "RunnerBuild.sln")))
                return at.FullName;
        return null;
    }
}
