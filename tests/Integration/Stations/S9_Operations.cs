using Integration.Running;
using RunnerBuild;
using RunnerBuild.Operating;
using RunnerBuild.Terminal;
using RunnerBuild.Verifying;

namespace Integration.Stations;

/// <summary>The day after: looking, draining, scaling and rolling out, with jobs that go on meanwhile.</summary>
[Collection("fleet")]
public sealed class S9_Operations(LabFixture lab)
{
    // Of pool `plain` on west, the only slot with its label.
    private const string Slot = "github-runner-3";

    [Fact]
    public async Task A_status_tells_of_every_slot_and_of_a_host_that_does_not_answer()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();

        var reports = await ReportsAsync(FleetText.Text);
        var without = await ReportsAsync(FleetText.With(("user: debian, port: 22", "user: debian, port: 2222")));

        reports.Sum(report => report.Slots.Length).ShouldBe(FleetText.Slots);
        HostReport.Faults(reports).ShouldBeEmpty();
        StatusTable.Json(reports).ShouldContain("\"runner\": \"west-1-");
        without.ShouldAllBe(report => report.Problem != null);
        HostReport.Faults(without).Count.ShouldBe(2);
    }

    [Fact]
    public async Task B_a_drained_slot_stays_empty_and_no_run_waits_for_it()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        var unknown = await OperateAsync(site => SlotService.DrainAsync(site, ["github-runner-9"], wait: true, TestContext.Current.CancellationToken));
        var drained = await OperateAsync(site => SlotService.DrainAsync(site, [Slot], wait: true, TestContext.Current.CancellationToken));
        var run = await lab.RunAsync(FleetText.Text);
        var checks = await lab.VerifyAsync(onlyLook: true);
        var table = StatusTable.Json(await ReportsAsync(FleetText.Text));
        var resumed = await OperateAsync(site => SlotService.ResumeAsync(site, [Slot], TestContext.Current.CancellationToken));
        await lab.SettleAsync();

        unknown.Output.ShouldContain("west has no github-runner-9");
        drained.Summaries.ShouldBe(["1 drained"]);
        run.Summaries.ShouldBe(Enumerable.Repeat("nothing to do", 4), run.Output);
        checks.Single(check => check.Host == "west" && check.Subject == Slot).Verdict.ShouldBe(Verdict.Unproved);
        table.ShouldContain("\"drained\": true");
        resumed.Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task C_draining_waits_no_longer_than_it_is_told_and_names_the_job()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var job = await CountingAsync(15);

        var drained = await OperateAsync(
            site => SlotService.DrainAsync(site, [Slot], wait: true, TestContext.Current.CancellationToken), LabFixture.OptionsOf(false, "west") with { Timeout = TimeSpan.FromSeconds(3) });
        var own = await OperateAsync(
            site => SlotService.DrainAsync(site, [Slot], wait: true, TestContext.Current.CancellationToken), LabFixture.OptionsOf(false, "west") with { Runner = job.Runner });
        await OperateAsync(site => SlotService.ResumeAsync(site, [Slot], TestContext.Current.CancellationToken));

        drained.Faults.ShouldNotBeEmpty();
        drained.Output.ShouldContain($"why: {Slot}: busy with job");
        own.Faults.ShouldBeEmpty();
        own.Output.ShouldContain("handed over to the supervisor");
        await job.ShouldEndAsync();
    }

    [Fact]
    public async Task D_a_new_image_and_fewer_slots_let_a_running_job_end()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        await lab.OnHostAsync("west", "docker tag $(docker inspect -f '{{.Image}}' github-runner-1) newer:1");
        var newer = FleetText.With(("count: 1, docker: none,", "count: 1, docker: none, image: \"newer:1\","));
        var fewer = FleetText.With(("count: 1, docker: none,", "count: 0, docker: none,"));
        var job = await CountingAsync(60);

        var left = await lab.RunAsync(newer, LabFixture.OptionsOf(false, "west") with { NoWait = true });
        var again = await lab.RunAsync(newer, LabFixture.OptionsOf(false, "west"));
        var own = await lab.RunAsync(FleetText.With(("count: 1, docker: none,", "count: 1, docker: none, pids: 999,")), LabFixture.OptionsOf(false, "west") with { Runner = job.Runner });
        (await lab.Lab.JobAsync(job.Id)).Status.ShouldBe("in_progress", "the job should outlast what happens meanwhile");
        var fewerSlots = await lab.RunAsync(fewer, LabFixture.OptionsOf(false, "west"));

        left.Faults.ShouldBeEmpty(left.Output);
        left.Output.ShouldContain("on the older image; replaced when it ends");
        again.Summaries.ShouldBe(Enumerable.Repeat("nothing to do", 4), again.Output);
        own.Faults.ShouldBeEmpty(own.Output);
        own.Output.ShouldContain($"{Slot}: handed over to the supervisor");
        fewerSlots.Faults.ShouldBeEmpty(fewerSlots.Output);
        fewerSlots.Output.ShouldContain("removed when it ends");
        await job.ShouldEndAsync();
        (await ReportsAsync(FleetText.Text)).Single(report => report.Host == "west").Slots.Select(slot => slot.Name).ShouldNotContain(Slot);

        (await lab.RunAsync(FleetText.Text)).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
    }

    [Fact]
    public async Task E_a_job_does_not_restart_the_engine_under_itself()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var job = await CountingAsync(20);
        var before = await lab.OnHostAsync("west", "systemctl show -p ActiveEnterTimestampMonotonic docker.service; sha256sum /etc/docker/daemon.json");
        await lab.OnHostAsync("west", "cp /etc/docker/daemon.json /root/; sed -i 's/\"live-restore\": true/\"live-restore\": false/' /etc/docker/daemon.json; systemctl reload docker");

        var run = await lab.RunAsync(FleetText.Text, LabFixture.OptionsOf(false, "west") with { Runner = job.Runner });
        await lab.OnHostAsync("west", "cp /root/daemon.json /etc/docker/daemon.json; touch -d '1 hour ago' /etc/docker/daemon.json; systemctl reload docker");

        run.Faults.ShouldNotBeEmpty(run.Output);
        run.Output.ShouldContain($"This run is the job of {Slot} on this host");
        run.Output.ShouldContain("./build.sh BootstrapHost --limit west");
        (await lab.OnHostAsync("west", "systemctl show -p ActiveEnterTimestampMonotonic docker.service; sha256sum /etc/docker/daemon.json")).ShouldBe(before);
        await job.ShouldEndAsync();
    }

    private async Task<HostReport[]> ReportsAsync(string fleet)
    {
        HostReport[] reports = [];
        await lab.RunAsync(fleet, LabFixture.OptionsOf(), async site =>
        {
            reports = await HostReport.OfAllAsync(site, TestContext.Current.CancellationToken);
            return "";
        });
        return reports;
    }

    private Task<Run> OperateAsync(Func<Site, Task<string>> target, RunOptions? options = null) =>
        lab.RunAsync(FleetText.Text, options ?? LabFixture.OptionsOf(false, "west"), target);

    private Task<CountingJob> CountingAsync(int seconds) => CountingJob.StartAsync(lab, "west", "plain-west", seconds);
}
