using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Slots;

[Collection(nameof(WithDocker))]
public sealed class LostAnswerTests
{
    // Of the first container, however often it is asked: HTTP clients ask again when a connection that they used before ends.
    private static Func<string, bool> FirstStart()
    {
        string? first = null;
        return request => request.StartsWith("POST ", StringComparison.Ordinal) && request.EndsWith("/start HTTP/1.1", StringComparison.Ordinal) && (first ??= request) == request;
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task A_runner_whose_start_was_asked_for_stays_when_GitHub_does_not_let_go_of_it(bool busy)
    {
        using var engine = new EngineProxy { Loses = FirstStart() };
        await using var host = new RunnerHost { DockerSocket = engine.Path };
        host.GitHub.Fault = call => call.Method != "DELETE" ? null : busy
            ? new Answer(422, """{"message":"Runner is currently running a job and cannot be deleted."}""")
            : new Answer(500);
        host.Start();
        var adopted = await host.UntilIdleAsync();
        host.GitHub.RunnersEver.ShouldBe([adopted.Runner!]);
        (await DockerAsync("inspect", "--format", "{{.State.Running}}", adopted.Container!)).ShouldBe("true");
    }

    [Fact]
    public async Task A_runner_that_can_be_taken_off_GitHubs_list_is_undone()
    {
        using var engine = new EngineProxy { Loses = FirstStart() };
        await using var host = new RunnerHost { DockerSocket = engine.Path };
        host.Start();
        var second = await host.UntilIdleAsync();
        host.GitHub.RunnersEver.Count.ShouldBe(2);
        host.GitHub.Registrations.Keys.ShouldBe([second.RunnerId!.Value]);
        (await host.ContainersAsync()).ShouldBe([second.Container!]);
    }
}
