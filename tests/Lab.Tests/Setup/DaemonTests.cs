using Lab.Setup;

namespace Lab.Tests.Setup;

public sealed class DaemonTests : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(20);
    private readonly string _directory = Directory.CreateTempSubdirectory().FullName;

    [Fact]
    public async Task A_daemon_is_known_by_its_command_line_and_ends_when_told()
    {
        var cancel = TestContext.Current.CancellationToken;
        var daemon = Of("sleep", "1000");
        daemon.IsRunning.ShouldBeFalse();

        await daemon.StartAsync(_ => Task.FromResult(daemon.IsRunning), Patience, cancel);
        daemon.IsRunning.ShouldBeTrue();
        Of("sleep", "1001").IsRunning.ShouldBeFalse();

        (await Daemon.StopAsync(_directory, "it", Patience, cancel)).ShouldBeTrue();
        daemon.IsRunning.ShouldBeFalse();
        (await Daemon.StopAsync(_directory, "it", Patience, cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_daemon_knows_nothing_of_what_the_shell_that_started_it_knows()
    {
        var cancel = TestContext.Current.CancellationToken;
        var daemon = Of("sleep", "1002");
        Environment.SetEnvironmentVariable("RUNNERBUILD_TEST_SECRET", "planted");
        try
        {
            await daemon.StartAsync(_ => Task.FromResult(daemon.IsRunning), Patience, cancel);
            var pid = (await File.ReadAllTextAsync(Path.Combine(_directory, "it"), cancel)).Split(' ')[0];
            var environment = await File.ReadAllTextAsync($"/proc/{pid}/environ", cancel);
            environment.ShouldContain("PATH=");
            environment.ShouldNotContain("planted");
        }
        finally
        {
            Environment.SetEnvironmentVariable("RUNNERBUILD_TEST_SECRET", null);
            await Daemon.StopAsync(_directory, "it", Patience, cancel);
        }
    }

    [Fact]
    public async Task A_daemon_that_does_not_heed_the_signal_is_killed()
    {
        var cancel = TestContext.Current.CancellationToken;
        var daemon = Of("bash", "-c", "trap '' TERM; echo trapped; while :; do sleep 0.1; done");
        await daemon.StartAsync(_ => Task.FromResult(File.Exists(daemon.Log) && File.ReadAllText(daemon.Log).Contains("trapped")), Patience, cancel);

        await Daemon.StopAsync(_directory, "it", TimeSpan.FromMilliseconds(200), cancel);

        await EventuallyAsync(() => !daemon.IsRunning, cancel);
    }

    [Fact]
    public async Task A_daemon_that_ends_at_once_is_an_error_with_the_end_of_its_log()
    {
        var daemon = Of("bash", "-c", "echo the port is taken; exit 3");

        var error = await Should.ThrowAsync<LabException>(() => daemon.StartAsync(_ => Task.FromResult(false), Patience, TestContext.Current.CancellationToken));

        error.Message.ShouldContain("exit code 3");
        error.Message.ShouldContain("the port is taken");
    }

    [Fact]
    public async Task A_recorded_process_id_that_is_now_somebody_elses_is_left_alone()
    {
        var cancel = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(_directory, "it"), $"{Environment.ProcessId} 1\n", cancel);

        (await Daemon.StopAsync(_directory, "it", Patience, cancel)).ShouldBeFalse();
    }

    [Fact]
    public async Task A_reader_of_the_callers_output_does_not_wait_for_the_daemon()
    {
        var cancel = TestContext.Current.CancellationToken;
        var script = $"setsid bash '{AppContext.BaseDirectory}/Setup/detach' '{_directory}/log' sleep 1000 & echo $!";
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(Patience);

        var pid = await new LocalCommand("bash", "-c", $"exec 7>&1 12>&1; {script}").OutputAsync(limit.Token);

        Directory.EnumerateFiles($"/proc/{pid}/fd").Select(Path.GetFileName).Order().ShouldBe(["0", "1", "2"]);
        await new LocalCommand("kill", pid).OutputAsync(cancel);
    }

    public void Dispose() => Directory.Delete(_directory, recursive: true);

    private Daemon Of(string program, params string[] arguments) => new("it", new(program, arguments), Path.Combine(_directory, "it.log"), _directory);

    private static async Task EventuallyAsync(Func<bool> holds, CancellationToken cancel)
    {
        for (var attempt = 0; attempt < 100 && !holds(); attempt++)
            await Task.Delay(50, cancel);
        holds().ShouldBeTrue();
    }
}
