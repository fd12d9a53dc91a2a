using Integration.Running;
using RunnerBuild.Verifying;

namespace Integration.Stations;

/// <summary>Everything that restarts, upgrades or replaces something on a host, one after the other, while one and the same jobs go on.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S9_NoJobIsKilled(LabFixture lab)
{
    private const string Both = "count: 2, labels: [self-hosted, linux, x64, docker, docker-west]";
    private const string None = "count: 0, labels: [self-hosted, linux, x64, docker, docker-west]";

    private static readonly (string What, string Script)[] OnTheHost =
    [
        ("a restart of the service", "systemctl restart github-docker-runners"),
        ("a stop of the service", "systemctl stop github-docker-runners; sleep 2; systemctl start github-docker-runners"),
        ("SIGKILL for the supervisor", "kill -9 $(systemctl show --property MainPID --value github-docker-runners); sleep 7; systemctl is-active github-docker-runners"),
        ("a restart of dockerd", "systemctl restart docker"),
        ("an upgrade of the engine", "DEBIAN_FRONTEND=noninteractive apt-get -qy install --reinstall docker.io >/dev/null; systemctl is-active docker"),
        // A slot that is just being filled anew has no container, and compose can make none.
        ("compose pull and up", "cd /opt/github-runners && docker compose pull --quiet && timeout 60 bash -c 'until docker compose up --detach; do sleep 1; done'"),
    ];

    [Fact]
    public async Task A_what_happens_on_a_host_leaves_running_jobs_alone()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        await using var jobs = await BothAsync();

        foreach (var (what, script) in OnTheHost)
        {
            await lab.OnHostAsync("west", $"set -e\n{script}");
            await jobs.ShouldRunAsync(what);
        }

        await jobs.ShouldEndAsync();
        await lab.SettleAsync();
    }

    [Fact]
    public async Task B_what_a_deployment_changes_waits_for_running_jobs()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.OnHostAsync("west", "docker tag $(docker inspect -f '{{.Image}}' github-runner-1) newer:1");
        (string What, (string From, string To)[] Edits)[] deployments =
        [
            ("other settings of the engine", [("engine: {", "engine: { addressPools: [\"10.201.0.0/16,24\"],")]),
            ("a new image", [("docker-west], ", "docker-west], image: \"newer:1\", "), ("plain-west]", "plain-west], image: \"newer:1\"")]),
            ("other labels and limits", [("docker-west], cpus: 1.5", "docker-west, more], cpus: 1"), ("plain-west]", "plain-west, more]")]),
            ("one slot in all", [(Both, None)]),
            ("no slot at all", [(Both, None), ("plain, count: 1", "plain, count: 0")]),
        ];
        await using var jobs = await BothAsync();

        foreach (var (what, edits) in deployments)
        {
            var run = await lab.RunAsync(FleetText.With(edits), LabFixture.OptionsOf(false, "west") with { NoWait = true });
            run.Faults.ShouldBeEmpty($"{what}: {run.Output}");
            run.Summaries.ShouldContain(summary => summary != "nothing to do", what);
            await jobs.ShouldRunAsync(what);
            // It fails where an idle slot is just being changed, and may.
            await lab.OnHostAsync("west", "cd /opt/github-runners && docker compose up --detach || true");
            await jobs.ShouldRunAsync($"{what}, then compose up");
        }

        await jobs.ShouldEndAsync();
        (await lab.RunAsync(FleetText.Text)).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
    }

    [Fact]
    public async Task C_every_target_may_be_a_job_on_the_runners_that_it_is_about()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await using var jobs = await BothAsync();
        var options = LabFixture.OptionsOf(false, "west") with { Runner = jobs.Plain.Runner };

        var same = await lab.RunAsync(FleetText.Text, options);
        var changed = await lab.RunAsync(FleetText.With(("plain-west]", "plain-west, more]")), options);
        var checks = await lab.VerifyAsync(onlyLook: true);
        await jobs.ShouldRunAsync("targets as one of the jobs");
        await jobs.ShouldEndAsync();

        same.Summaries.ShouldBe(Enumerable.Repeat("nothing to do", 4), same.Output);
        changed.Faults.ShouldBeEmpty(changed.Output);
        changed.Output.ShouldContain("handed over to the supervisor");
        checks.ShouldNotContain(check => check.Host == "east" && check.Verdict == Verdict.Bad);
        (await lab.RunAsync(FleetText.Text)).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
    }

    private async Task<Jobs> BothAsync()
    {
        await lab.SettleAsync();
        var plain = await LastingJob.StartAsync(lab, "west", "plain-west", 60, loop => loop);
        // One that counts in a container of its own engine, whose image came through the host's mirror.
        var docker = await LastingJob.StartAsync(
            lab, "west", "docker-west", 60, loop => $"docker pull --quiet debian:trixie\ndocker run --rm --volume /tmp:/tmp debian:trixie bash -c '{loop}'");
        return new Jobs(plain, docker);
    }

    private sealed record Jobs(LastingJob Plain, LastingJob Docker) : IAsyncDisposable
    {
        private bool _ended;

        public async Task ShouldRunAsync(string after)
        {
            await Plain.ShouldRunAsync(after);
            await Docker.ShouldRunAsync(after);
        }

        public async Task ShouldEndAsync()
        {
            _ended = true;
            await Plain.ShouldEndAsync();
            await Docker.ShouldEndAsync();
        }

        // A test that failed must not leave the others without these slots.
        public async ValueTask DisposeAsync()
        {
            if (_ended)
                return;
            foreach (var job in new[] { Plain, Docker })
                await job.ReleaseAsync();
        }
    }
}
