using System.Security.Cryptography;
using Integration.Running;

namespace Integration;

/// <summary>A host's program is told from another by its hash, so the same sources must make the same bytes wherever they lie.</summary>
public sealed class SameProgram : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runnerbuild-same-").FullName;

    [Fact]
    public async Task Two_folders_at_two_commits_make_the_same_supervisor() =>
        (await PublishAsync("a", "first")).ShouldBe(await PublishAsync(Path.Combine("deeper", "b"), "second"));

    private async Task<string> PublishAsync(string name, string commit)
    {
        var root = Directory.CreateDirectory(Path.Combine(_folder, name)).FullName;
        const string Copy = """
            set -eu
            cd "$1"
            tar -c --exclude=bin --exclude=obj src/Supervisor Directory.Build.props Directory.Packages.props global.json .editorconfig | tar -x -C "$2"
            cd "$2"
            git init -q
            git add --all
            git -c user.name=x -c user.email=x commit -qm "$3"
            """;
        var copied = await LocalProgram.RunAsync("bash", "-c", Copy, "copy", Repository.Root, root, commit);
        copied.ExitCode.ShouldBe(0, copied.Output);
        var output = Path.Combine(root, "out");
        var published = await LocalProgram.RunAsync(
            LocalProgram.DotNet, "publish", Path.Combine(root, "src", "Supervisor"), "--runtime", "linux-x64", "--output", output, "-nologo", "-v:q", "-nodeReuse:false");
        published.ExitCode.ShouldBe(0, published.Output);
        return Convert.ToHexStringLower(SHA256.HashData(await File.ReadAllBytesAsync(Path.Combine(output, "github-docker-runners"), TestContext.Current.CancellationToken)));
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
