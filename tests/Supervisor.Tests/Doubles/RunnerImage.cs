using System.Formats.Tar;

namespace Supervisor.Tests.Doubles;

/// <summary>A tiny image (a static busybox and a script) whose container speaks as the runner does. Made once for all tests that need Docker.</summary>
public sealed class RunnerImage : IAsyncLifetime
{
    public static string Name { get; } = $"rbsv-runner:{Guid.NewGuid():N}";

    public async ValueTask InitializeAsync()
    {
        var directory = Directory.CreateTempSubdirectory("rbsv-image");
        var root = Path.Combine(directory.FullName, "root");
        foreach (var path in (string[])["bin", "home/runner/externals/node", "etc", "tmp", "proc", "sys", "dev"])
            Directory.CreateDirectory(Path.Combine(root, path));
        var busybox = await Shell.RunAsync("sh", "-c", "command -v busybox || { apt-get update -qq && apt-get install -y busybox-static >/dev/null && command -v busybox; }");
        File.Copy(busybox, Path.Combine(root, "bin/busybox"));
        foreach (var applet in (string[])["sh", "sleep", "cat", "ls", "touch", "stat", "env", "hostname", "mkdir"])
            File.CreateSymbolicLink(Path.Combine(root, "bin", applet), "busybox");
        File.Copy(Path.Combine(AppContext.BaseDirectory, "Doubles/stand-in-runner.sh"), Path.Combine(root, "bin/runner"));
        File.SetUnixFileMode(Path.Combine(root, "bin/runner"), (UnixFileMode)Convert.ToInt32("755", 8));
        var archive = Path.Combine(directory.FullName, "image.tar");
        await TarFile.CreateFromDirectoryAsync(root, archive, includeBaseDirectory: false);
        await Shell.DockerAsync("import", "--change", "ENTRYPOINT [\"/bin/sh\",\"/bin/runner\"]", archive, Name);
        directory.Delete(recursive: true);
    }

    public async ValueTask DisposeAsync() => await Shell.TryAsync("docker", "image", "rm", "--force", Name);
}

/// <summary>Tests that run containers, one after the other.</summary>
[CollectionDefinition(nameof(WithDocker))]
public sealed class WithDocker : ICollectionFixture<RunnerImage>;
