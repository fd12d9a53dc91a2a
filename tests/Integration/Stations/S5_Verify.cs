using Integration.Running;
using RunnerBuild.Verifying;

namespace Integration.Stations;

/// <summary>What Verify says of a fleet that is right, and of one that is not.</summary>
[Collection("fleet")]
public sealed class S5_Verify(LabFixture lab)
{
    [Fact]
    public async Task A_fleet_that_serves_is_proved_by_jobs()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        var checks = await lab.VerifyAsync(onlyLook: false);

        checks.ShouldAllBe(check => check.Verdict == Verdict.Good);
        checks.ShouldContain(check => check.Subject == "canary job");
        checks.Count(check => check.Subject.StartsWith("freshness", StringComparison.Ordinal)).ShouldBe(2);
        checks.Count(check => check.Subject.StartsWith("github-runner-", StringComparison.Ordinal)).ShouldBe(FleetText.Slots);
    }

    [Fact]
    public async Task B_looking_alone_proves_less_and_says_so()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();

        var checks = await lab.VerifyAsync(onlyLook: true);

        checks.ShouldAllBe(check => check.Verdict != Verdict.Bad);
        checks.Where(check => check.Verdict == Verdict.Unproved).Select(check => check.Host).ShouldBe(["west", "east"], ignoreOrder: true);
    }

    [Fact]
    public async Task C_a_runner_that_is_taken_away_comes_back_by_itself()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var before = (await lab.OnHostAsync("east", "docker inspect -f '{{.Id}}' github-runner-1")).Trim();

        await lab.OnHostAsync("east", "docker rm --force --volumes github-runner-1");

        await Eventually.Async(
            async () => await lab.OnHostAsync("east", "docker inspect -f '{{.Id}} {{.State.Status}}' github-runner-1 2>&1 || true"),
            seen => !seen.Contains(before, StringComparison.Ordinal) && seen.Contains(" running", StringComparison.Ordinal),
            TimeSpan.FromSeconds(60));
        await lab.SettleAsync();
    }

    [Fact]
    public async Task D_a_stopped_supervisor_is_found_and_set_right()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.OnHostAsync("west", "systemctl stop github-docker-runners");
        (await lab.Lab.RunnersAsync()).ShouldNotContain(runner => runner.Name.StartsWith("west-", StringComparison.Ordinal));

        var bad = (await lab.VerifyAsync(onlyLook: true)).Where(check => check.Verdict == Verdict.Bad).ToList();
        var run = await lab.RunAsync(FleetText.Text);

        bad.ShouldAllBe(check => check.Host == "west");
        bad.Select(check => check.Subject).ShouldBe(["runners' setup", "service", "github-runner-1", "github-runner-2", "github-runner-3"]);
        run.Faults.ShouldBeEmpty(run.Output);
        (await lab.VerifyAsync(onlyLook: true)).ShouldAllBe(check => check.Verdict != Verdict.Bad);
        (await lab.Lab.RunnersAsync()).Count(runner => runner.Online && runner.Name.StartsWith("west-", StringComparison.Ordinal)).ShouldBe(3);
    }

    [Fact]
    public async Task E_settings_that_restart_the_engine_spare_a_running_job()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        // An engine that would end its containers with itself.
        await lab.OnHostAsync("west", "echo '{ \"debug\": false }' >/etc/docker/daemon.json; systemctl restart docker.service");
        await lab.SettleAsync();
        var job = lab.Lab.RunAsync("sleep 30; echo survived", "plain-west");
        await Eventually.Async(
            async () => string.Join(' ', (await lab.Lab.RunnersAsync()).Where(runner => runner.Busy).Select(runner => runner.Name)), busy => busy.Length > 0, TimeSpan.FromSeconds(15));

        var run = await lab.RunAsync(FleetText.Text, limit: "west");

        run.Faults.ShouldBeEmpty(run.Output);
        run.Output.ShouldContain("restart docker.service");
        var over = job.IsCompleted;
        (await job).Conclusion.ShouldBe("success", (await job).Log);
        over.ShouldBeFalse("the job had ended before the engine was restarted");
        await lab.SettleAsync();
    }
}
