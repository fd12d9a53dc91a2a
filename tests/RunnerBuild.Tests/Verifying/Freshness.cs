using RunnerBuild.Remote;
using YamlDotNet.RepresentationModel;

namespace RunnerBuild.Tests.Verifying;

/// <summary>The script of docs/canary.yml: what `mark` leaves, `look` finds, and what others have is none of its business. Docker is a folder of names here.</summary>
public sealed class Freshness : IDisposable
{
    private const string Docker = """
        docker() {
          case "$1 $2" in
            "info ") ;;
            "volume create" | "network create") touch "$STORE/$1-$3" ;;
            "volume ls" | "network ls") ls "$STORE" | sed -n "s/^$1-//p" ;;
            "create --name") touch "$STORE/ps-$3" ;;
            "ps "*) ls "$STORE" | sed -n 's/^ps-//p' ;;
            "build "*) touch "$STORE/image-$MARK" "$STORE/cache-$MARK" ;;
            "image ls") case "$*" in *label*) ls "$STORE" | sed -n "s/^layer-$MARK/x/p" ;; *) ls "$STORE" | sed -n 's/^image-//p' ;; esac ;;
            "buildx du") ls "$STORE" | sed -n 's/^cache-/Description: /p' ;;
            *) echo "unknown: $*" >&2; return 1 ;;
          esac
        }
        sudo() { "$@"; }
        export -f docker sudo
        """;

    private readonly string _root = Directory.CreateTempSubdirectory("rb-canary-").FullName;
    private readonly string _mark = $"rb-test-mark-{Guid.NewGuid():N}";

    [Fact]
    public async Task Nothing_is_found_where_nothing_was_left_also_beside_what_others_have()
    {
        foreach (var name in new[] { "image-debian", "volume-data", "ps-database", "cache-theirs", "network-bridge" })
            File.WriteAllText(Path.Combine(Store, name), "");
        var (exitCode, output) = await RunAsync("look");
        exitCode.ShouldBe(0, output);
    }

    [Fact]
    public async Task Each_thing_that_a_job_left_is_found()
    {
        Assert.SkipUnless(Environment.IsPrivilegedProcess, "only root can leave marks everywhere");
        var left = await RunAsync("mark");
        left.ExitCode.ShouldBe(0, left.Output);
        File.ReadAllText(Path.Combine(_root, ".env")).ShouldContain("RUNNERBUILD_LEFT=1");
        var (exitCode, output) = await RunAsync("look");
        exitCode.ShouldBe(1, output);
        foreach (var thing in new[] { $"/{_mark}", "home", "tools", "job/space", "a container", "an image", "a volume", "a network", "the build cache", "a process" })
            output.ShouldContain(thing);
    }

    [Theory]
    [InlineData("image", "an image")]
    [InlineData("volume", "a volume")]
    [InlineData("network", "a network")]
    [InlineData("ps", "a container")]
    [InlineData("cache", "the build cache")]
    [InlineData("layer", "the build cache")]
    public async Task One_mark_is_enough(string kind, string found)
    {
        File.WriteAllText(Path.Combine(Store, $"{kind}-{_mark}"), "");
        var (exitCode, output) = await RunAsync("look");
        exitCode.ShouldBe(1, output);
        output.ShouldContain(found);
    }

    [Fact]
    public async Task A_variable_of_an_earlier_job_is_found()
    {
        var (exitCode, output) = await RunAsync("look", "RUNNERBUILD_LEFT=1");
        exitCode.ShouldBe(1, output);
        output.ShouldContain("an environment variable");
    }

    private string Store => Directory.CreateDirectory(Path.Combine(_root, "store")).FullName;

    private async Task<(int ExitCode, string Output)> RunAsync(string phase, string variable = "X=1")
    {
        foreach (var folder in new[] { "home", "job/_temp", "job/space", "tools" })
            Directory.CreateDirectory(Path.Combine(_root, folder));
        var settings = $"export HOME={_root}/home GITHUB_WORKSPACE={_root}/job/space RUNNER_TEMP={_root}/job/_temp RUNNER_TOOL_CACHE={_root}/tools GITHUB_ENV={_root}/env STORE={Store} MARK={_mark} PHASE={phase} {variable}";
        return await LocalProcess.RunAsync("bash", ["-c", $"{settings}\n{Docker}\nset -e -o pipefail\n{Script()}"], _root, null, TestContext.Current.CancellationToken);
    }

    private static string Script()
    {
        var yaml = new YamlStream();
        yaml.Load(File.OpenText(Path.GetFullPath("../../docs/canary.yml", Config.Golden.Fleets)));
        return ((YamlScalarNode)yaml.Documents[0].RootNode["jobs"]["canary"]["steps"][0]["run"]).Value!;
    }

    public void Dispose()
    {
        LocalProcess.RunAsync("bash", ["-c", $"rm -f /{_mark} /tmp/{_mark} /var/tmp/{_mark} /usr/local/bin/{_mark}; grep -lsa '^{_mark}' /proc/[0-9]*/cmdline | cut -d/ -f3 | xargs -r kill"], "/", null, CancellationToken.None).Wait();
        Directory.Delete(_root, recursive: true);
    }
}
