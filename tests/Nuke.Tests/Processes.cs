using System.Diagnostics;

namespace Nuke.Tests;

/// <summary>Builds as processes of their own: signals, and output into a pipe.</summary>
public class Processes
{
    [Theory]
    [InlineData("INT", 130)]
    [InlineData("TERM", 143)]
    public async Task After_a_signal_the_target_stops_and_assured_targets_run(string signal, int code)
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent by kill.");
        using var site = new Site();
        using var build = BuildProcess.Start(nameof(ListingBuild), site.Root, "Later", "--no-logo");
        await Until(build, "waiting");

        await Send(build, signal);
        var output = await Rest(build);

        output.ShouldContain($"SIG{signal} received");
        output.ShouldMatch("Slow\u00A0+Aborted");
        output.ShouldMatch("Later\u00A0+NotRun");
        output.ShouldContain("tidied up, cancelled: False");
        output.ShouldContain("Build failed on");
        build.ExitCode.ShouldBe(code);
    }

    [Fact]
    public async Task A_target_that_does_not_listen_is_left_behind()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent by kill.");
        using var site = new Site();
        using var build = BuildProcess.Start(nameof(ListingBuild), site.Root, "Deaf", "--no-logo");
        await Until(build, "waiting");

        var watch = Stopwatch.StartNew();
        await Send(build, "TERM");
        var output = await Rest(build);

        watch.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(15));
        output.ShouldContain("did not stop within 5 s and is left behind");
        output.ShouldMatch("Deaf\u00A0+Aborted");
        output.ShouldContain("tidied up");
        build.ExitCode.ShouldBe(143);
    }

    [Fact]
    public async Task A_second_signal_ends_the_process_at_once()
    {
        Assert.SkipUnless(OperatingSystem.IsLinux() || OperatingSystem.IsMacOS(), "Signals are sent by kill.");
        using var site = new Site();
        using var build = BuildProcess.Start(nameof(ListingBuild), site.Root, "Deaf", "--no-logo");
        await Until(build, "waiting");

        await Send(build, "INT");
        await Until(build, "received");
        await Send(build, "INT");
        var output = await Rest(build);

        output.ShouldNotContain("tidied up");
        build.ExitCode.ShouldBe(130);
    }

    [Fact]
    public async Task A_pipe_gets_no_colours_and_all_goes_to_standard_output()
    {
        using var site = new Site();
        using var build = BuildProcess.Start(nameof(Build), site.Root, "Levels", "--bogus=1");
        var output = await Rest(build);
        output.ShouldContain("Unknown option --bogus.");
        output.ShouldNotContain("\u001b");
        (await build.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken)).ShouldBeEmpty();
        build.ExitCode.ShouldBe(2);
    }

    private static async Task Until(Process build, string text)
    {
        while (await build.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken) is { } line)
        {
            if (line.Contains(text, StringComparison.Ordinal))
                return;
        }

        throw new InvalidOperationException($"The build ended before it said '{text}'");
    }

    private static async Task<string> Rest(Process build)
    {
        var output = await build.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await build.WaitForExitAsync(TestContext.Current.CancellationToken);
        return output;
    }

    private static async Task Send(Process build, string signal)
    {
        using var kill = Process.Start("kill", [$"-{signal}", $"{build.Id}"]);
        await kill.WaitForExitAsync(TestContext.Current.CancellationToken);
    }
}
