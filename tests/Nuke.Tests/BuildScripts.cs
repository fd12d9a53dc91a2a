using System.Runtime.CompilerServices;

namespace Nuke.Tests;

/// <summary>build.sh and build.ps1 in a repository of their own, with an SDK that only writes down how it is called.</summary>
public class BuildScripts
{
    private const string Sdk = """
        #!/bin/sh
        case $1 in *pwsh.dll) exec "$REAL_DOTNET" "$@" ;; esac
        echo "dotnet $*" >>"$CALLS"
        case $1 in
          --version) [ -z "$NO_SDK" ] || exit 1 ;;
          build)
            [ -z "$BROKEN" ] || { echo "error CS0001"; exit 1; }
            mkdir -p "$REPOSITORY/artifacts/bin/_build/debug"
            printf '#!/bin/sh\necho "program $* in $PWD with $DOTNET_ROOT and ${NUKE_ROOT-none}"\nexit 5\n' >"$REPOSITORY/artifacts/bin/_build/debug/_build"
            chmod +x "$REPOSITORY/artifacts/bin/_build/debug/_build" ;;
        esac
        """;

    public static TheoryData<string> All => ["bash build.sh", "pwsh build.ps1"];

    [Theory]
    [MemberData(nameof(All))]
    public async Task It_compiles_once_and_again_only_when_an_input_changed(string script)
    {
        using var site = Repository(script);
        (await Run(site, script)).ShouldBe((5, true));
        (await Run(site, script)).ShouldBe((5, false));

        Later(site, "src/Code.cs", "changed");
        (await Run(site, script)).ShouldBe((5, true));
        Later(site, "src/New.cs", "new");
        (await Run(site, script)).ShouldBe((5, true));
        File.Delete(site.At("src/New.cs"));
        (await Run(site, script)).ShouldBe((5, true));
        Later(site, "Directory.Packages.props", "<Project> </Project>");
        (await Run(site, script)).ShouldBe((5, true));
        Later(site, "build/packages.lock.json", "{ }");
        (await Run(site, script)).ShouldBe((5, true));
        Directory.CreateDirectory(site.At("tools/sdk/10.0.999"));
        (await Run(site, script)).ShouldBe((5, true));

        Later(site, "docs/read.md", "text");
        Later(site, "src/obj/made.cs", "made");
        Later(site, "build/fleets/home.yml", "github: {}");
        (await Run(site, script)).ShouldBe((5, false));
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task What_does_not_compile_does_not_start_and_is_tried_again(string script)
    {
        using var site = Repository(script);
        await Run(site, script);
        Later(site, "src/Code.cs", "wrong");
        (await Run(site, script, ("BROKEN", "1"))).ShouldBe((1, true));
        (await Run(site, script, ("BROKEN", "1"))).ShouldBe((1, true));
        (await Run(site, script)).ShouldBe((5, true));
        (await Run(site, script)).ShouldBe((5, false));
    }

    [Fact]
    public async Task It_fetches_the_SDK_of_global_json_when_there_is_none()
    {
        using var site = Repository("bash build.sh");
        var (_, output) = await Call(site, "bash build.sh", site.Root, ("NO_SDK", "1"));
        output.ShouldContain("There is no .NET SDK for global.json (10.0.100)");
        site.Read("calls").ShouldContain("--version 10.0.100 --no-path");
        output.ShouldContain($"with {site.At(".nuke/temp/dotnet-unix")} and none");
    }

    [Theory]
    [MemberData(nameof(All))]
    public async Task The_program_gets_the_arguments_and_the_directory_as_they_are(string script)
    {
        using var site = Repository(script);
        Directory.CreateDirectory(site.At("sub"));
        (await Call(site, script, site.At("sub"))).Output.ShouldContain($"program Show --vm-name a b * in {site.At("sub")} with {site.At("tools")} and none");
        using var elsewhere = new Site();
        (await Call(site, script, elsewhere.Root)).Output.ShouldContain($"in {elsewhere.Root} with {site.At("tools")} and {site.Root}");
    }

    [Fact]
    public async Task Build_sh_has_nothing_that_bash_3_2_does_not_know()
    {
        var text = await File.ReadAllTextAsync(Original("build.sh"), TestContext.Current.CancellationToken);
        foreach (var newer in new[] { "mapfile", "readarray", "declare -A", "local -n", "${!", ",,}", "^^}", "@Q}", "&>>", "|&", "coproc", "readlink -f", "realpath", "-printf" })
            text.ShouldNotContain(newer, Case.Sensitive);
        var shell = Shells.Find("shellcheck");
        Assert.SkipWhen(shell is null, "shellcheck is not installed.");
        (await Shells.RunAsync(shell!, Path.GetTempPath(), ["--shell=bash", Original("build.sh")])).ShouldBe((0, ""));
    }

    private static Site Repository(string script)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The SDK that writes down is a shell script.");
        Assert.SkipWhen(Shells.Find(script.Split(' ')[0]) is null, $"{script.Split(' ')[0]} is not installed.");
        var site = new Site();
        foreach (var name in new[] { "build.sh", "build.ps1", "global.json" })
            File.Copy(Original(name), site.At(name));
        foreach (var name in new[] { "src/Code.cs", "build/Build.cs", "build/packages.lock.json", "docs/canary.yml", "Directory.Build.props", "Directory.Packages.props" })
            Later(site, name, "");
        Directory.CreateDirectory(site.At("tools/sdk/10.0.100"));
        Program(site, "tools/dotnet", Sdk);
        Program(site, "tools/curl", "#!/bin/sh\nwhile [ $# -gt 1 ]; do [ \"$1\" = -o ] && echo 'echo \"install $*\" >>\"$CALLS\"; cp \"$REPOSITORY/tools/dotnet\" \"$2/dotnet\"' >\"$2\"; shift; done\n");
        return site;
    }

    private static async Task<(int ExitCode, bool HasCompiled)> Run(Site site, string script, params (string, string)[] variables)
    {
        File.Delete(site.At("calls"));
        var (code, output) = await Call(site, script, site.Root, variables);
        var hasCompiled = File.Exists(site.At("calls")) && site.Read("calls").Contains("dotnet build", StringComparison.Ordinal);
        output.Contains("program Show", StringComparison.Ordinal).ShouldBe(code == 5, output);
        return (code, hasCompiled);
    }

    private static Task<(int ExitCode, string Output)> Call(Site site, string script, string directory, params (string Name, string Value)[] variables)
    {
        var words = script.Split(' ');
        var environment = variables.ToDictionary(x => x.Name, x => (string?)x.Value);
        // PowerShell may be a tool of .NET itself, which then is started by the first dotnet of PATH.
        environment["REAL_DOTNET"] = Shells.Find("dotnet");
        environment["CALLS"] = site.At("calls");
        environment["REPOSITORY"] = site.Root;
        environment["NUKE_ROOT"] = environment["DOTNET_ROOT"] = environment["DOTNET_EXE"] = environment["NukeEngine"] = null;
        environment["PATH"] = $"{site.At("tools")}:{Environment.GetEnvironmentVariable("PATH")}";
        string[] start = words[0] == "pwsh" ? ["-NoProfile", "-File"] : [];
        return Shells.RunAsync(Shells.Find(words[0])!, directory, [.. start, site.At(words[1]), "Show", "--vm-name", "a b", "*"], environment);
    }

    private static void Later(Site site, string name, string text)
    {
        // Not within the same tick of the file system's clock as what came before.
        Thread.Sleep(30);
        site.Write(name, text);
    }

    private static void Program(Site site, string name, string text)
    {
        site.Write(name, text);
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(site.At(name), UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    private static string Original(string name, [CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "..", "..", name);
}
