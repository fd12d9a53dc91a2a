using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Integration.Running;
using RunnerBuild.Operating;

namespace Integration.Stations;

/// <summary>The supervisor and systemd: what the unit keeps it from, what happens when it hangs, and what it does with settings and control groups that are not its own.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S9_Service(LabFixture lab)
{
    private const string Unit = "github-docker-runners.service";
    private const string Status = "/opt/github-runners/bin/runnerctl status --json";
    private const string Plain = "{ name: plain, count: 2, docker: none, labels: [self-hosted, plain, plain-east] }";
    private const string Containers = "docker ps --quiet --no-trunc --filter label=runnerbuild.host | sort";

    [Fact]
    public async Task A_the_unit_is_hardened()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        var said = await lab.OnHostAsync("west", $"systemd-analyze security --no-pager {Unit} | tail -n 1");

        var exposure = Regex.Match(said, @"exposure level for \S+: ([0-9.]+)").Groups[1].Value;
        TestContext.Current.TestOutputHelper?.WriteLine(said);
        double.Parse(exposure, CultureInfo.InvariantCulture).ShouldBeLessThanOrEqualTo(5.0);
    }

    [Fact]
    public async Task B_a_supervisor_that_hangs_is_started_anew_and_takes_over_what_runs()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        var before = await lab.OnHostAsync("west", Containers);
        var restarts = await lab.OnHostAsync("west", $"systemctl show -p NRestarts --value {Unit}");

        await lab.OnHostAsync("west", $"kill -STOP $(systemctl show -p MainPID --value {Unit})");
        await Eventually.Async(() => lab.OnHostAsync("west", $"systemctl show -p NRestarts --value {Unit}"), now => now != restarts, TimeSpan.FromSeconds(120));
        await lab.SettleAsync();

        (await lab.OnHostAsync("west", $"journalctl --no-pager -u {Unit} | grep -c 'Watchdog timeout'")).Trim().ShouldNotBe("0");
        (await lab.OnHostAsync("west", Containers)).ShouldBe(before);
    }

    [Fact]
    public async Task C_settings_of_a_newer_program_are_refused_and_no_job_ends_for_it()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        await using var job = await LastingJob.StartAsync(lab, "west", "plain-west", 1, loop => loop);

        await lab.OnHostAsync("west", "sed -i 's/\"version\": 1/\"version\": 99/' /etc/github-runners/supervisor.json; systemctl reload github-docker-runners 2>&1 || true");
        var reloaded = await lab.OnHostAsync("west", Status);
        await lab.OnHostAsync("west", $"systemctl restart {Unit} 2>/dev/null || true");
        var state = await lab.OnHostAsync("west", $"systemctl show -p ActiveState -p ExecMainStatus -p NRestarts {Unit}");
        var said = await lab.OnHostAsync("west", $"journalctl --no-pager -u {Unit} -n 20");
        await job.ShouldRunAsync("settings of a newer program");
        var mended = await lab.RunAsync(FleetText.Text, LabFixture.OptionsOf(false, "west") with { NoWait = true });
        await job.ShouldEndAsync();
        await lab.SettleAsync();

        reloaded.ShouldContain("its version is 99");
        reloaded.ShouldContain("\"Idle\"");
        state.ShouldContain("ActiveState=failed");
        state.ShouldContain("ExecMainStatus=2");
        said.ShouldContain("its version is 99");
        mended.Faults.ShouldBeEmpty(mended.Output);
    }

    [Fact]
    public async Task D_a_call_to_the_hosts_engine_waits_while_the_supervisor_is_away()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        (await lab.RunAsync(FleetText.With((Plain, Plain.Replace("none", "socket", StringComparison.Ordinal))), limit: "east")).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
        var image = (await lab.OnHostAsync("east", "docker inspect --format '{{.Config.Image}}' github-runner-1")).Trim();
        var job = await LastingJob.StartAsync(lab, "east", "plain-east", 1, loop => $"{loop}\ndocker run --rm --entrypoint echo {image} from a container");

        await lab.OnHostAsync("east", $"kill -KILL $(systemctl show -p MainPID --value {Unit}); docker exec {job.Container} touch /tmp/enough; sleep 2; systemctl show -p ActiveState --value {Unit}");
        var ended = await lab.Lab.EndOfAsync(job.Id);
        await lab.SettleAsync();

        ended.Conclusion.ShouldBe("success", ended.Log);
        ended.Log.ShouldContain("from a container");
        (await lab.OnHostAsync("east", "docker ps --all --format '{{.Names}}' | grep -v '^github-runner-' || true")).Trim().ShouldBeEmpty();
        (await lab.RunAsync(FleetText.Text, limit: "east")).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
    }

    [Fact]
    public async Task E_where_systemd_makes_the_control_groups_limits_hold_and_each_job_has_a_slice()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        await DriverAsync(settings => settings["exec-opts"] = new JsonArray("native.cgroupdriver=systemd"));
        await using var job = await LastingJob.StartAsync(lab, "east", "docker-east", 1, loop => loop);

        var parent = (await lab.OnHostAsync("east", $"docker inspect -f '{{{{.HostConfig.CgroupParent}}}}' {job.Container}")).Trim();
        var limits = await lab.OnHostAsync("east", $"systemctl show -p ActiveState -p MemoryMax -p TasksMax -p CPUQuotaPerSecUSec {parent}; cat /proc/$(docker inspect -f '{{{{.State.Pid}}}}' {job.Container})/cgroup");
        var same = await lab.RunAsync(FleetText.Text, LabFixture.OptionsOf(false, "east"), site => site.ConvergeAsync(site.Runners, TestContext.Current.CancellationToken));
        await job.ShouldEndAsync();
        await lab.SettleAsync();
        var history = await lab.OnHostAsync("east", "/opt/github-runners/bin/runnerctl history --last 1 --json");

        parent.ShouldEndWith(".slice");
        limits.ShouldContain("ActiveState=active");
        limits.ShouldContain($"MemoryMax={2L << 30}");
        limits.ShouldContain("TasksMax=1024");
        limits.ShouldContain("CPUQuotaPerSecUSec=1.5");
        limits.ShouldContain($"/{parent}/");
        same.Summaries.ShouldBe(["nothing to do"], same.Output);
        (await lab.OnHostAsync("east", $"systemctl show -p ActiveState --value {parent}")).Trim().ShouldBe("inactive");
        history.ShouldContain("emory");
        await DriverAsync(settings => settings.Remove("exec-opts"));
    }

    [Fact]
    public async Task F_archives_of_actions_are_counted_when_jobs_take_them()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var fleet = FleetText.With(("vm: { vmid: 251, ip: 198.18.88.12/24 }", "vm: { vmid: 251, ip: 198.18.88.12/24 }\n    actionArchives: true"));
        (await lab.RunAsync(fleet, limit: "east")).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
        await lab.OnHostAsync("east", "install -D /etc/hostname /var/lib/github-runners-actions/actions_checkout/0123.tar.gz");
        const string Take = "cp $ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE/actions_checkout/0123.tar.gz /tmp/taken; ! rm $ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE/actions_checkout/0123.tar.gz";
        foreach (var label in new[] { "docker-east", "plain-east" })
        {
            var job = await lab.Lab.RunAsync(Take, label);
            job.Conclusion.ShouldBe("success", job.Log);
        }

        HostReport[] reports = [];
        var run = await lab.RunAsync(fleet, LabFixture.OptionsOf(false, "east"), async site =>
        {
            reports = await HostReport.OfAllAsync(site, TestContext.Current.CancellationToken);
            return "looked";
        });
        run.Faults.ShouldBeEmpty(run.Output);
        $"{reports.Single().ActionArchives}".ShouldBe("1 archive of actions, 0.0 MB; taken 2 times since the supervisor started");

        (await lab.RunAsync(FleetText.Text, limit: "east")).Faults.ShouldBeEmpty();
        await lab.OnHostAsync("east", "rm -r /var/lib/github-runners-actions");
        await lab.SettleAsync();
    }

    /// <summary>Changes how the engine makes control groups; no container may run meanwhile.</summary>
    private async Task DriverAsync(Action<JsonObject> edit)
    {
        var settings = JsonNode.Parse(await lab.OnHostAsync("east", "cat /etc/docker/daemon.json"))!.AsObject();
        edit(settings);
        await lab.OnHostAsync(
            "east",
            $"""
            trap '/opt/github-runners/bin/runnerctl resume >/dev/null' EXIT
            set -e
            /opt/github-runners/bin/runnerctl drain --wait --timeout 60 >/dev/null
            cat >/etc/docker/daemon.json <<'end'
            {settings.ToJsonString()}
            end
            systemctl restart docker
            """);
        await lab.SettleAsync();
    }
}
