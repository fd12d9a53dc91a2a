using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Integration.Running;

namespace Integration.Stations;

/// <summary>Nights of a fleet on the machine that has its file and is its only host: systemd begins them, or one of its own jobs does.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed partial class S9_Nightly(LabFixture lab, Controller controller) : IClassFixture<Controller>
{
    private const string Service = "github-runners-nightly-nightly.service";
    private const string Secrets = "/etc/github-runners-nightly-nightly.env";
    private const string Reports = "/var/lib/github-runners-nightly/nightly";
    private const string Workflows = "lab/workflows/acme/widgets/.github/workflows";
    private const string Traces = "ls -d /etc/systemd/system/github-runners-nightly-* /etc/github-runners/nightly.json /var/lib/github-runners-nightly* 2>/dev/null || true";
    private static readonly TimeSpan Long = TimeSpan.FromMinutes(4);

    [Fact]
    public async Task A_it_is_installed_once_the_secrets_are_where_a_timer_finds_them()
    {
        var deployed = await controller.BuildAsync("DeployRunners");
        deployed.ExitCode.ShouldBe(0, deployed.Output);

        var refused = await controller.BuildAsync("InstallNightly");
        var before = await controller.RunAsync(Traces);
        await controller.RunAsync($"install -m 600 /dev/null {Secrets} && echo GITHUB_TOKEN={lab.Token} >{Secrets}");
        var plan = await controller.BuildAsync("InstallNightly", "--dry-run");
        var planned = await controller.RunAsync(Traces);
        var installed = await controller.BuildAsync("InstallNightly");
        var again = await controller.BuildAsync("InstallNightly");
        var nothing = await controller.BuildAsync("InstallNightly", "--dry-run");

        refused.ExitCode.ShouldBe(1, refused.Output);
        refused.Output.ShouldContain("A timer has no GITHUB_TOKEN.");
        before.ShouldBeEmpty();
        plan.ExitCode.ShouldBe(3, plan.Output);
        planned.ShouldBeEmpty();
        installed.ExitCode.ShouldBe(0, installed.Output);
        again.ExitCode.ShouldBe(0, again.Output);
        again.Output.ShouldContain("nothing to do");
        nothing.ExitCode.ShouldBe(0, nothing.Output);
        (await controller.RunAsync("systemctl list-timers --no-pager 'github-runners-nightly-*'")).ShouldContain(Service);
        (await controller.TryAsync("systemd-analyze verify --recursive-errors=no /etc/systemd/system/github-runners-nightly-*")).ShouldBe(new Ended(0, ""));
        controller.Installed = true;
    }

    [Fact]
    public async Task B_a_night_without_news_is_good_and_tells_nobody()
    {
        Assert.SkipUnless(controller.Installed, "it is not installed");
        await lab.SettleAsync((Controller.Host, 2));
        lab.GitHub.Forget();

        (await NightAsync()).ShouldBe("inactive");

        lab.GitHub.Seen.Count.ShouldBeLessThanOrEqualTo(10);
        (await ReportAsync()).ShouldContain("nothing to do");
        (await controller.RunAsync($"stat -c '%a %U' {Reports} {Reports}/* | sort -u")).ShouldBe("600 root\n700 root\n");
        (await IssuesAsync()).ShouldBeEmpty();
        (await controller.TryAsync($"journalctl --no-pager -u {Service} | grep -F {lab.Token}")).ExitCode.ShouldBe(1);
    }

    [Fact]
    public async Task C_nights_that_are_not_good_are_one_issue_which_says_what_is_new()
    {
        Assert.SkipUnless(controller.Installed, "it is not installed");
        var before = await lab.FleetOnAsync(Controller.Host);
        controller.Release(NextRelease.Version);

        var opened = await WithoutReleasesAsync("the first trouble", BadNightAsync);
        var updated = await WithoutReleasesAsync("the same, said otherwise", BadNightAsync);
        var other = await WithBrokenCanaryAsync(BadNightAsync);

        opened.State.ShouldBe("open");
        opened.Body.ShouldContain("the first trouble");
        updated.Body.ShouldContain("the same, said otherwise");
        updated.Comments.ShouldBe(0);
        other.Body.ShouldContain("The new image was refused");
        other.Comments.ShouldBe(1);
        (await ReportAsync()).ShouldContain("The new image was refused");
        (await lab.FleetOnAsync(Controller.Host)).ShouldBe(before);
    }

    [Fact]
    public async Task D_a_night_that_was_killed_in_the_rollout_is_made_good_by_the_next_and_its_issue_closed()
    {
        Assert.SkipUnless(controller.Installed, "it is not installed");
        await lab.SettleAsync((Controller.Host, 2));
        await using var job = await LastingJob.StartAsync(lab, Controller.Host, "refresh", 1, loop => loop);

        await controller.RunAsync($"systemctl start --no-block {Service}");
        await HalfRolledAsync();
        var killed = await controller.RunAsync($"systemctl kill --signal=KILL {Service}; sleep 1; systemctl is-active {Service} || true");
        await job.ShouldRunAsync("the night was killed");
        await job.ShouldEndAsync();
        var next = await NightAsync();

        killed.Trim().ShouldBe("failed");
        next.ShouldBe("inactive");
        var serving = await lab.ServingOnAsync(Controller.Host);
        serving.Length.ShouldBe(2);
        serving.ShouldAllBe(runner => IsOn(runner, NextRelease.Version));
        (await controller.RunAsync("cat /etc/github-runners/supervisor.json")).ShouldNotContain("candidate-");
        var issue = (await IssuesAsync()).ShouldHaveSingleItem();
        issue.State.ShouldBe("closed");
        issue.Comments.ShouldBe(2);
        // As many as the fleet keeps: there were five, and the killed one left none.
        (await controller.RunAsync($"ls {Reports}/*.json | wc -l")).Trim().ShouldBe("4");
    }

    [Fact]
    public async Task E_a_job_has_its_own_host_refreshed_and_is_replaced_afterwards()
    {
        Assert.SkipUnless(controller.Installed, "it is not installed");
        await lab.SettleAsync((Controller.Host, 2));
        controller.Release(NextRelease.Later);
        var ports = await controller.RunAsync(SecretSearch.Ports);

        var id = await DispatchAsync($"{Workflow()}\n      - run: |\n{Indented(SecretSearch.Script(FleetText.Alone, ports, controller.Secrets))}");
        var runner = (await lab.Lab.StartOfAsync(id)).RunnerName!;
        var container = await ContainerOfAsync(runner);
        await HalfRolledAsync();
        (await ContainerOfAsync(runner)).ShouldBe(container);
        var job = await lab.Lab.EndOfAsync(id, Long);

        TestContext.Current.TestOutputHelper?.WriteLine(job.Log);
        job.Conclusion.ShouldBe("success", job.Log);
        job.RunnerName.ShouldBe(runner);
        job.Log.ShouldContain("**Good**");
        job.Log.ShouldContain("promoted");
        SecretSearch.FoundIn(job.Log).ShouldBe(SecretSearch.Planted, job.Log);
        await lab.SettleAsync((Controller.Host, 2));
        (await lab.ServingOnAsync(Controller.Host)).ShouldAllBe(runner => IsOn(runner, NextRelease.Later));
        (await controller.TryAsync($"docker inspect {container}")).ExitCode.ShouldBe(1);
        (await IssuesAsync()).ShouldHaveSingleItem().State.ShouldBe("closed");
    }

    [Fact]
    public async Task F_it_goes_without_a_trace_but_the_secrets_and_the_runners_serve_on()
    {
        Assert.SkipUnless(controller.Installed, "it is not installed");
        await lab.SettleAsync((Controller.Host, 2));
        var serving = await lab.FleetOnAsync(Controller.Host);
        // Of a night that failed systemd keeps the unit in mind, also when its file is gone.
        (await WithoutReleasesAsync("the last trouble", NightAsync)).ShouldBe("failed");

        var plan = await controller.BuildAsync("RemoveNightly", "--dry-run");
        var removed = await controller.BuildAsync("RemoveNightly");
        var again = await controller.BuildAsync("RemoveNightly");

        plan.ExitCode.ShouldBe(3, plan.Output);
        removed.ExitCode.ShouldBe(0, removed.Output);
        removed.Output.ShouldContain($"{Secrets} stays");
        again.Output.ShouldContain("nothing to do");
        (await controller.RunAsync(Traces)).ShouldBeEmpty();
        (await controller.RunAsync($"stat -c '%a %U' {Secrets}; systemctl list-units --all --plain --no-legend 'github-runners-nightly-*'")).ShouldBe("600 root\n");
        (await lab.FleetOnAsync(Controller.Host)).ShouldBe(serving);
        var job = await lab.Lab.RunAsync("curl -s --unix-socket /run/runnerbuild-door/refresh.sock -X POST http://door/refresh", "refresh");
        job.Conclusion.ShouldBe("success", job.Log);
        job.Log.ShouldContain("nightly run is not installed on this host");
    }

    /// <summary>One night, from beginning to end.</summary>
    /// <returns>How systemd sees its unit after it.</returns>
    private async Task<string> NightAsync()
    {
        var started = await controller.TryAsync($"systemctl start {Service}; code=$?; systemctl is-active {Service}; exit $code");
        var state = started.Output.Split('\n')[0];
        TestContext.Current.TestOutputHelper?.WriteLine(
            await controller.RunAsync($"journalctl --no-pager -o cat _SYSTEMD_INVOCATION_ID=$(systemctl show -p InvocationID --value {Service})"));
        started.ExitCode.ShouldBe(state == "failed" ? 1 : 0, started.Output);
        return state;
    }

    /// <returns>The one issue that there is after it.</returns>
    private async Task<Issue> BadNightAsync()
    {
        (await NightAsync()).ShouldBe("failed");
        return (await IssuesAsync()).ShouldHaveSingleItem();
    }

    /// <summary>Waits until one slot has another image than the other, whose job goes on.</summary>
    private Task HalfRolledAsync() => Eventually.Async(
        () => controller.RunAsync("docker inspect --format '{{.Config.Image}}' github-runner-1 github-runner-2 2>/dev/null || true"),
        images => images.Split('\n', StringSplitOptions.RemoveEmptyEntries).Distinct().Count() == 2, Long);

    /// <summary>The newest.</summary>
    private Task<string> ReportAsync() => controller.RunAsync($"cat \"$(ls {Reports}/*.md | tail -n 1)\"");

    private async Task<Issue[]> IssuesAsync()
    {
        using var github = lab.GitHubClient();
        return (await github.GetFromJsonAsync<Issue[]>("repos/acme/widgets/issues?state=all&labels=runnerbuild-nightly", TestContext.Current.CancellationToken))!;
    }

    private Task<string> ContainerOfAsync(string runner) => controller.RunAsync($"docker ps --quiet --no-trunc --filter label=runnerbuild.runner={runner}");

    private static bool IsOn(string runner, string version) => runner.EndsWith($" {version}", StringComparison.Ordinal);

    /// <summary>While GitHub does not tell that machine which runner program is the newest.</summary>
    private async Task<T> WithoutReleasesAsync<T>(string message, Func<Task<T>> work)
    {
        lab.GitHub.Refuse(FleetText.Alone, "/releases/latest", 503, message);
        try
        {
            return await work();
        }
        finally
        {
            lab.GitHub.Accept(FleetText.Alone);
        }
    }

    /// <summary>While a job of the image's canary finds something wrong.</summary>
    private async Task<T> WithBrokenCanaryAsync<T>(Func<Task<T>> work)
    {
        var file = lab.FileOf($"{Workflows}/image-canary.yml");
        var good = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(file, good.Replace("git --version", "false", StringComparison.Ordinal), TestContext.Current.CancellationToken);
        try
        {
            return await work();
        }
        finally
        {
            await File.WriteAllTextAsync(file, good, TestContext.Current.CancellationToken);
        }
    }

    /// <summary>The project's own, without what the lab's GitHub does not know: its clock, and that one run waits for another.</summary>
    private static string Workflow() => OfGitHubAlone().Replace(File.ReadAllText(Path.Combine(Repository.Root, ".github/workflows/nightly-image-refresh.yml")), "").TrimEnd();

    private async Task<long> DispatchAsync(string workflow)
    {
        lab.Write($"{Workflows}/nightly-image-refresh.yml", workflow);
        using var github = lab.GitHubClient();
        using var answer = await github.PostAsJsonAsync(
            "repos/acme/widgets/actions/workflows/nightly-image-refresh.yml/dispatches", new { @ref = "main", return_run_details = true }, TestContext.Current.CancellationToken);
        answer.IsSuccessStatusCode.ShouldBeTrue(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        var run = await answer.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        return await lab.Lab.JobOfAsync(run.GetProperty("workflow_run_id").GetInt64());
    }

    private static string Indented(string script) => string.Concat(script.Split('\n').Select(line => $"          {line}\n"));

    private sealed record Issue(string State, string Body, int Comments);

    [GeneratedRegex("^(?:  schedule:|concurrency:|    if:).*\n", RegexOptions.Multiline)]
    private static partial Regex OfGitHubAlone();
}
