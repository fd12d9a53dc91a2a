using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;
using Lab.GitHub;

namespace Lab.Tests.GitHub;

/// <summary>The release of the stand-in.</summary>
[SupportedOSPlatform("linux")]
public class Tarball
{
    [Fact]
    public async Task It_is_laid_out_as_the_official_one_and_runs_where_it_is_unpacked()
    {
        var folder = Directory.CreateTempSubdirectory("tarball-").FullName;
        var first = RunnerTarball.Pack(AppContext.BaseDirectory, folder, "linux-x64");
        var bytes = await File.ReadAllBytesAsync(first);
        RunnerTarball.Pack(AppContext.BaseDirectory, folder, "linux-x64").ShouldBe(first);
        (await File.ReadAllBytesAsync(first)).ShouldBe(bytes);

        var root = Directory.CreateDirectory(Path.Combine(folder, "root")).FullName;
        await using (var zip = new GZipStream(File.OpenRead(first), CompressionMode.Decompress))
            await TarFile.ExtractToDirectoryAsync(zip, root, overwriteFiles: false);
        foreach (var file in (string[])["bin/Runner.Listener", "bin/Runner.Worker", "run.sh", "run-helper.sh", "config.sh", "env.sh"])
            File.GetUnixFileMode(Path.Combine(root, file)).HasFlag(UnixFileMode.OtherExecute).ShouldBeTrue(file);
        Directory.Exists(Path.Combine(root, "externals")).ShouldBeTrue();
        Directory.Delete(folder, recursive: true);
    }

    [Fact]
    public void A_folder_without_the_program_is_refused() =>
        Should.Throw<FileNotFoundException>(() => RunnerTarball.Pack(Path.GetTempPath(), Path.GetTempPath(), "linux-x64")).Message.ShouldContain("Publish src/Lab.Runner");
}
