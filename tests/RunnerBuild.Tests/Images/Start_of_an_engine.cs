using System.Runtime.CompilerServices;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Images;

/// <summary>How long the image's entrypoint waits for a job's engine: its own functions, where the engine is a process that says nothing for a while.</summary>
public sealed class Start_of_an_engine
{
    [Theory]
    [InlineData("sleep 5", "busy", "up", "a job waits for a slow engine")]
    [InlineData("sleep 1", "busy", "ended while it started", "a job does not wait for an engine that is gone")]
    [InlineData("sleep 5", "idle", "did not answer within 1 s", "without a job nothing is waited for beyond the limit")]
    public async Task It_is_waited_for_longer_where_a_job_waits_for_it(string engine, string runner, string said, string why)
    {
        var programs = $$"""
            readonly since=$SECONDS
            curl() { (({{(said == "up" ? "SECONDS - since >= 3" : "0")}})); }
            pgrep() { [[ {{runner}} == busy ]]; }
            tail() { :; }
            {{engine}} &
            (wait_for_dockerd $!) && echo up
            """;

        var (_, output) = await LocalProcess.RunAsync("bash", ["-c", $"RUNNERBUILD_DOCKER_SECONDS=1\n{await FunctionsAsync()}\n{programs}"], "/", null, TestContext.Current.CancellationToken);

        output.ShouldContain(said, customMessage: why);
    }

    private static async Task<string> FunctionsAsync([CallerFilePath] string here = "")
    {
        var script = await File.ReadAllTextAsync(Path.Combine(Path.GetDirectoryName(here)!, "../../../runner-image/entrypoint"), TestContext.Current.CancellationToken);
        var from = script.IndexOf("\nset -euo pipefail", StringComparison.Ordinal);
        return script[from..script.IndexOf("# docker restart, docker start", StringComparison.Ordinal)];
    }
}
