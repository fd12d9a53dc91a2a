using Lab.Tests;
using RunnerBuild.Applying;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Hosts;

/// <summary>What is done about runners that a stopped service left; the scripts run here, on an engine that is a file.</summary>
public sealed class End_of_runners : IDisposable
{
    private const string Programs = """
        systemctl() { :; }
        journalctl() { echo "github-runner-1: Idle gh-1-1-a The runner is to be removed, but: GitHub does not accept the credential: 401"; }
        docker() {
          case $1 in
            ps) cat running ;;
            top) cat "$2" 2>/dev/null ;;
            rm) grep -v "^$4|" running >rest || true; mv rest running ;;
          esac
        }

        """;

    private readonly TemporaryFolder _folder = new();
    private readonly List<string> _said = [];
    private readonly CancellationTokenSource _enough = new(TimeSpan.FromSeconds(20));

    public End_of_runners() => File.WriteAllText(_folder.At("running"), "github-runner-1|gh-1-1-a|https://api.github.com|orgs/acme\n");

    [Fact]
    public async Task An_idle_runner_that_the_service_could_not_take_away_goes_with_its_registration()
    {
        LeftRunner? deleted = null;

        await Of((runner, _) => Task.FromResult((deleted = runner) is not null)).WaitAsync(null, _enough.Token);

        deleted.ShouldBe(new LeftRunner("github-runner-1", "gh-1-1-a", "https://api.github.com", "orgs/acme", false));
        File.ReadAllText(_folder.At("running")).ShouldBeEmpty();
        _said.ShouldHaveSingleItem().ShouldContain("had no job");
    }

    [Fact]
    public async Task One_that_GitHub_has_given_a_job_stays_until_that_has_ended()
    {
        var answers = new Queue<bool>([false, true]);

        await Of((_, _) => Task.FromResult(answers.Dequeue())).WaitAsync(null, _enough.Token);

        _said.ShouldBe(["waiting for the jobs of github-runner-1", _said[^1]]);
        answers.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_worker_at_its_last_steps_is_a_job_though_its_registration_is_gone()
    {
        await File.WriteAllTextAsync(_folder.At("github-runner-1"), "", TestContext.Current.CancellationToken);
        var end = Of(async (_, cancel) =>
        {
            await File.WriteAllTextAsync(_folder.At("github-runner-1"), "7 /home/runner/bin/Runner.Worker spawnclient\n", cancel);
            return true;
        });

        var fault = await Should.ThrowAsync<RunnerBuildException>(() => end.WaitAsync(TimeSpan.FromSeconds(1), _enough.Token));

        fault.What.ShouldContain("github-runner-1 on gh-1 still have jobs");
        (await File.ReadAllTextAsync(_folder.At("running"), TestContext.Current.CancellationToken)).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task Where_nothing_can_be_deregistered_the_services_own_reason_ends_the_run()
    {
        var fault = await Should.ThrowAsync<RunnerBuildException>(() => Of(null).WaitAsync(null, _enough.Token));

        fault.What.ShouldContain("github-runner-1 on gh-1 has no job");
        fault.Why.ShouldBe("The runner is to be removed, but: GitHub does not accept the credential: 401");
    }

    private RunnersEnd Of(Func<LeftRunner, CancellationToken, Task<bool>>? deregister) =>
        new(new Shell(_folder.Path), "gh-1", _said.Add) { Deregister = deregister, Pause = TimeSpan.FromMilliseconds(200), Patience = TimeSpan.FromSeconds(1) };

    public void Dispose()
    {
        _folder.Dispose();
        _enough.Dispose();
    }

    private sealed class Shell(string folder) : IMachine
    {
        public async Task<string> CheckAsync(string summary, string script, IReadOnlyList<string> arguments, Action<string>? line, CancellationToken cancel)
        {
            var (exitCode, output) = await LocalProcess.RunAsync("bash", ["-c", Programs + script, "step", .. arguments], folder, line, cancel);
            exitCode.ShouldBe(0, output);
            return output;
        }

        public Task WriteAsync(string path, byte[] content, string mode, string owner, CancellationToken cancel) => throw new NotSupportedException(path);
    }
}
