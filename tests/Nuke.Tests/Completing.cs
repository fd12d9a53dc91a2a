using System.Diagnostics;

namespace Nuke.Tests;

/// <summary>What the shells offer: the build itself tells it, and each shell is asked whether it understands.</summary>
public class Completing
{
    [Theory]
    [InlineData("Sho", "Show")]
    [InlineData("sho", "Show")]
    [InlineData("--d", "--dry-run")]
    [InlineData("--ver", "--verbosity")]
    [InlineData("--verbosity Q", "Quiet")]
    [InlineData("--verbosity=Q", "--verbosity=Quiet")]
    [InlineData("--host ", "GitHubActions Terminal")]
    [InlineData("Show --skip Pre", "Prepare")]
    [InlineData("--profile ", "dev staging")]
    [InlineData("--count 1 Sl", "Slow")]
    [InlineData("--dry-run Sl", "Slow")]
    [InlineData("--count ", "")]
    [InlineData("--dry-run --dr", "")]
    [InlineData("--bogus x", "")]
    public void The_last_word_is_completed(string words, string candidates)
    {
        using var site = new Site();
        site.Write(".nuke/parameters.dev.json", "{}");
        site.Write(".nuke/parameters.staging.json", "{}");
        site.Run<ListingBuild>([":complete", .. words.Split(' ')]).Output.ShouldBe(string.Concat(candidates.Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(x => x + "\n")));
    }

    [Theory]
    [InlineData("--vm-size ", "large medium small")]
    [InlineData("--configuration R", "Release")]
    [InlineData("--optional-kind v", "VirtualMachine")]
    public void Values_are_completed_by_their_type_or_provider(string words, string candidates)
    {
        using var site = new Site();
        site.RunSample([":complete", .. words.Split(' ')]).Output.ShouldBe(string.Concat(candidates.Split(' ').Select(x => x + "\n")));
    }

    [Theory]
    [InlineData("bash", "-c", "source ./script; COMP_WORDS=(./build.sh Sho); COMP_CWORD=1; _nuke_build; printf '%s\\n' \"${COMPREPLY[@]}\"; complete -p build.sh")]
    [InlineData("zsh", "-fc", "compdef() { :; }; compadd() { shift; print -l -- \"$@\"; }; source ./script; words=(./build.sh Sho); CURRENT=2; _nuke_build")]
    [InlineData("fish", "--no-config", "-c", "source ./script; complete -C './build.sh Sho'")]
    [InlineData("pwsh", "-NoProfile", "-Command", ". ([scriptblock]::Create((Get-Content -Raw ./script))); (TabExpansion2 './build.sh Sho' 14).CompletionMatches.CompletionText")]
    public async Task The_shell_offers_what_the_build_says(string shell, params string[] arguments)
    {
        var program = Shells.Find(shell);
        Assert.SkipWhen(program is null, $"{shell} is not installed.");
        using var site = new Site();
        site.Write("script", site.Run<ListingBuild>(":setup-completion", shell == "pwsh" ? "powershell" : shell).Output);
        site.Write("build.sh", $"#!/bin/sh\n{BuildProcess.Variable}={nameof(ListingBuild)} exec '{Environment.ProcessPath}' \"$@\"\n");
        if (!OperatingSystem.IsWindows())
            File.SetUnixFileMode(site.At("build.sh"), UnixFileMode.UserRead | UnixFileMode.UserExecute);

        var (_, output) = await Shells.RunAsync(program!, site.Root, arguments);

        output.Split('\n').ShouldContain("Show");
    }

    [Theory]
    [InlineData(":setup-completion", "tcsh")]
    [InlineData(":setup-completion")]
    [InlineData(":secret")]
    public void A_wrong_word_is_an_error(params string[] arguments)
    {
        using var site = new Site();
        site.Run<ListingBuild>(arguments).ExitCode.ShouldBe(2);
    }
}

/// <summary>The shells of this machine.</summary>
internal static class Shells
{
    public static string? Find(string name) => (Environment.GetEnvironmentVariable("PATH") ?? "").Split(Path.PathSeparator)
        .Select(directory => Path.Join(directory, name)).FirstOrDefault(File.Exists);

    public static async Task<(int ExitCode, string Output)> RunAsync(string program, string directory, string[] arguments, Dictionary<string, string?>? variables = null)
    {
        var start = new ProcessStartInfo(program, arguments) { WorkingDirectory = directory, RedirectStandardOutput = true, RedirectStandardError = true, RedirectStandardInput = true };
        foreach (var (name, value) in variables ?? [])
            start.Environment[name] = value;
        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var error = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        return (process.ExitCode, await output + await error);
    }
}
