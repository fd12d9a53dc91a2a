using System.Text.RegularExpressions;
using Lab.GitHub;

namespace Lab.Setup;

/// <summary>A release of GitHub's own runner program that takes the stand-in's place until the lab is taken down.</summary>
internal static partial class OfficialRunner
{
    /// <summary>True when one lies among the lab's releases.</summary>
    public static bool IsIn(LabFiles files) => Directory.Exists(files.Releases) && Directory.GetFiles(files.Releases, "*.tar.gz").Any(file => !IsStandIn(file));

    /// <param name="tarball">As GitHub names it: `actions-runner-linux-x64-2.336.0.tar.gz`.</param>
    public static void Place(string tarball, LabFiles files, Action<string> say)
    {
        if (!File.Exists(tarball) || !Name().IsMatch(Path.GetFileName(tarball)))
            throw new LabException(
                $"{tarball} is no release of the runner program.",
                File.Exists(tarball) ? "its name does not tell system, architecture and version." : "there is no such file.",
                "Name the file as GitHub does: actions-runner-linux-x64-VERSION.tar.gz.");

        var target = Path.Combine(files.Releases, Path.GetFileName(tarball));
        if (File.Exists(target) && new FileInfo(target).Length == new FileInfo(tarball).Length)
            return;
        say($"runner: {Path.GetFileName(tarball)} takes the stand-in's place");
        Directory.CreateDirectory(files.Releases);
        foreach (var other in Directory.GetFiles(files.Releases))
            File.Delete(other);
        File.Copy(tarball, target + ".new");
        File.Move(target + ".new", target);
    }

    private static bool IsStandIn(string file) => file.EndsWith($"-{RunnerTarball.Version}.tar.gz", StringComparison.Ordinal);

    [GeneratedRegex(@"^actions-runner-linux-(x64|arm64)-\d+\.\d+\.\d+\.tar\.gz$")]
    private static partial Regex Name();
}
