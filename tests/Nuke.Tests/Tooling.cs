using Nuke.Common;
using Nuke.Common.Tooling;
using Serilog;
using Assert = Xunit.Assert;

namespace Nuke.Tests;

/// <summary>Programs that a build starts.</summary>
public class Tooling
{
    [Fact]
    public void Lines_are_logged_and_secrets_in_arguments_are_not()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell.");
        using var site = new Site();
        var output = site.Run<StartingBuild>("Speak", "--no-logo").Output;
        output.ShouldContain("[DBG] out {braces}\n");
        output.ShouldContain("[ERR] err\n");
        output.ShouldContain("[ERR] Speak: err\n");
        output.ShouldContain("[DBG] key [REDACTED]\n");
        output.ShouldContain("-c \"echo key [REDACTED]\"\n");
        output.ShouldNotContain("hidden-value");
        output.ShouldContain("text a b");
    }

    [Fact]
    public void A_failing_program_ends_the_target_with_its_command_and_errors()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell.");
        using var site = new Site();
        var result = site.Run<StartingBuild>("Break", "--no-logo");
        result.ExitCode.ShouldBe(1);
        result.Output.ShouldContain("Process 'bash' exited with code 3.");
        result.Output.ShouldContain("Error output:\n   went wrong\n");
        result.Output.ShouldContain("code 3");
    }

    [Fact]
    public void A_timeout_kills_it()
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The program is a shell.");
        using var process = ProcessTasks.StartShell("sleep 60", timeout: 100, logInvocation: false);
        process.WaitForExit().ShouldBeFalse();
    }

    [Theory]
    [InlineData("NeedsAbsent", "Target 'NeedsAbsent' requires the program 'no-such-program', which is in no directory of PATH")]
    [InlineData("NeedsMember", "Target 'NeedsMember' requires the program 'nosuchtool', which is in no directory of PATH")]
    public void A_program_that_is_not_there_is_told_before_the_first_target(string target, string message)
    {
        using var site = new Site();
        var result = site.Run<StartingBuild>(target);
        result.Output.ShouldContain(message);
        result.ExitCode.ShouldBe(2);
    }

    [Fact]
    public void Trying_again_gives_up_with_the_last_error()
    {
        var (attempts, cleanups) = (0, 0);
        ControlFlow.ExecuteWithRetry(
            () =>
            {
                if (++attempts < 3)
                    throw new InvalidOperationException("not yet");
            },
            () => cleanups++, logAction: _ => { });
        (attempts, cleanups).ShouldBe((3, 3));
        Should.Throw<Exception>(() => ControlFlow.ExecuteWithRetry(() => throw new InvalidOperationException("never"), retryAttempts: 2, logAction: _ => { }))
            .Message.ShouldBe($"Execution failed permanently after 2 attempts.{Environment.NewLine}Last attempt failed with: never");
    }

    [PathTool(Executable = "no-such-program")]
    private sealed class AbsentTasks : IRequireTool;

    private sealed class StartingBuild : NukeBuild
    {
        [PathVariable("bash"), Optional] private readonly Tool? Bash;
        [PathVariable, Optional] private readonly Tool? NoSuchTool;

        private Target Speak => _ => _.Requires(() => Bash).Executes(() =>
        {
            Bash!.Invoke($"-c {"echo 'out {braces}'; echo err >&2"}");
            var secret = "hidden-value";
            Bash.Invoke($"-c \"echo key {secret:r}\"");
            Log.Information("text {Text:l}", Bash("-c \"echo a b\"", logOutput: false).StdToText());
        });

        private Target Break => _ => _.Executes(() =>
        {
            try
            {
                ProcessTasks.StartShell("echo went wrong >&2; exit 3").AssertZeroExitCode();
            }
            catch (ProcessException exception)
            {
                Log.Information("code {Code}", exception.ExitCode);
                throw;
            }
        });

        private Target NeedsAbsent => _ => _.Requires<AbsentTasks>().Executes(() => { });
        private Target NeedsMember => _ => _.Requires(() => NoSuchTool).Executes(() => { });
    }
}
