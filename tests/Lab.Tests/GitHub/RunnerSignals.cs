namespace Lab.Tests.GitHub;

/// <summary>How the stand-in program ends, and what is left at the service.</summary>
public class RunnerSignals
{
    private const int Interrupt = 2;
    private const int Kill = 9;
    private const int Terminate = 15;

    [Theory]
    [InlineData(Terminate, 143)]
    [InlineData(Interrupt, 0)]
    public async Task An_idle_runner_closes_its_session_and_keeps_its_registration(int signal, int exit)
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        await runner.ListensAsync();
        runner.Signal(signal);

        (await runner.ExitAsync()).ShouldBe(exit);
        server.GitHub.Runners().Single().Online.ShouldBeFalse();
        File.Exists(Path.Combine(runner.Root, ".runner")).ShouldBeTrue();
    }

    [Fact]
    public async Task A_busy_runner_gives_its_job_up()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        var id = server.GitHub.QueueJob("sleep 60");
        await DoubleServer.UntilAsync(() => server.GitHub.FindJob(id)!.Log.Contains("sleep 60", StringComparison.Ordinal), "the job does not start");
        runner.Signal(Terminate);

        (await server.JobAsync(id)).Conclusion.ShouldBe("failure");
        (await runner.ExitAsync()).ShouldBe(143);
    }

    [Fact]
    public async Task A_worker_goes_on_when_its_listener_is_killed()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        var id = server.GitHub.QueueJob("echo begun; sleep 5; echo finished");
        await DoubleServer.UntilAsync(() => server.GitHub.FindJob(id)!.Log.Contains("Z begun", StringComparison.Ordinal), "the job does not start");
        runner.Signal(Kill);

        var job = await server.JobAsync(id);
        job.Conclusion.ShouldBe("success");
        job.Log.ShouldContain("Z finished");
    }

    [Fact]
    public async Task A_runner_whose_registration_is_deleted_ends()
    {
        await using var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        await runner.ListensAsync();
        (await server.Http.DeleteAsync($"orgs/acme/actions/runners/{server.GitHub.Runners()[0].Id}")).EnsureSuccessStatusCode();

        (await runner.ExitAsync()).ShouldBe(0);
        File.Exists(Path.Combine(runner.Root, ".runner")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_used_configuration_is_refused()
    {
        await using var server = await DoubleServer.StartAsync();
        var configuration = await server.MintAsync("one");
        using (var first = RunnerProcess.Start(configuration))
        {
            await server.JobAsync(server.GitHub.QueueJob("echo hi"));
            await first.ExitAsync();
        }

        using var again = RunnerProcess.Start(configuration);
        (await again.ExitAsync()).ShouldBe(1);
        again.Output.ShouldContain("registration has been deleted");
    }

    [Theory]
    [InlineData("not base64 at all")]
    [InlineData("bm8ganNvbg==")]
    [InlineData("eyIuLi9ldGMvcGFzc3dkIjoiIn0=")]
    public async Task A_wrong_configuration_ends_the_program(string configuration)
    {
        using var runner = RunnerProcess.Start(configuration);
        (await runner.ExitAsync()).ShouldBe(1);
        runner.Output.ShouldContain("no just-in-time configuration");
    }

    [Fact]
    public async Task A_runner_outlives_a_restart_of_the_service()
    {
        var server = await DoubleServer.StartAsync();
        using var runner = RunnerProcess.Start(await server.MintAsync("one"));
        await runner.ListensAsync();
        await server.StopAsync();
        await DoubleServer.UntilAsync(() => runner.Output.Contains("Runner connect error", StringComparison.Ordinal), runner.Output);

        await using var again = await DoubleServer.StartAsync(folder: server.Folder, port: server.Port);
        (await again.JobAsync(again.GitHub.QueueJob("echo hi"))).RunnerName.ShouldBe("one");
        (await runner.ExitAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task The_version_is_told()
    {
        using var runner = RunnerProcess.Start(null, null, "--version");
        (await runner.ExitAsync()).ShouldBe(0);
        runner.Output.Trim().ShouldBe(Lab.GitHub.RunnerTarball.Version);
    }
}
