using Integration.Running;
using RunnerBuild;

namespace Integration.Stations;

/// <summary>Runners are taken off a host that is to be kept, and those of an earlier installation are taken over.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S9_TakingOver(LabFixture lab)
{
    private const string Left = """
        # The run's own lock goes a moment after it.
        for _ in 1 2 3 4 5; do [ ! -e /run/lock/github-runners.lock ] || sleep 1; done
        ls -d /run/github-runners /run/lock/github-runners.* /etc/systemd/system/apt-daily-upgrade.service.d /opt/github-runners /etc/github-runners /var/lib/github-runners /etc/systemd/system/github-docker-runners.service \
          /etc/apt/apt.conf.d/52github-runners /etc/systemd/system/apt-daily-upgrade.service.d/github-runners.conf /etc/docker/daemon.json \
          /etc/systemd/system/docker-registry.service /var/lib/github-runners-mirror /usr/bin/docker-registry 2>/dev/null
        docker ps --all --quiet
        docker image ls --quiet runnerbuild/runner
        getent passwd github-runner runnerctl
        getent group github-runner runnerctl
        systemctl list-unit-files --no-legend 'github-*'
        true
        """;

    [Fact]
    public async Task A_all_is_taken_off_a_host_after_its_jobs()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        await MakeSeedImageAsync();
        // The sweeps began on a machine that had daemon settings of its own, which would come back.
        await lab.OnHostAsync("west", "rm -f /etc/docker/daemon.json.before");
        var job = await CountingJob.StartAsync(lab, "west", "plain-west", 30);

        var own = await RemoveAsync(LabFixture.OptionsOf(false, "west") with { Runner = job.Runner });
        var planned = await RemoveAsync(LabFixture.OptionsOf(true, "west"));
        var early = await RemoveAsync(LabFixture.OptionsOf(false, "west") with { Timeout = TimeSpan.FromSeconds(2) });
        (await lab.Lab.JobAsync(job.Id)).Status.ShouldBe("in_progress");
        var run = await RemoveAsync(LabFixture.OptionsOf(false, "west"));
        var again = await RemoveAsync(LabFixture.OptionsOf(false, "west"));

        own.Output.ShouldContain("taking the runners away would end it");
        planned.FoundChanges.ShouldBeTrue(planned.Output);
        early.Faults.ShouldNotBeEmpty();
        early.Output.ShouldContain("github-runner-3: busy with job");
        run.Faults.ShouldBeEmpty(run.Output);
        again.Summaries.ShouldBe(["nothing to do"], again.Output);
        await job.ShouldEndAsync();
        (await lab.OnHostAsync("west", Left)).Trim().ShouldBeEmpty();
        (await lab.Lab.RunnersAsync()).ShouldNotContain(runner => runner.Name.StartsWith("west-", StringComparison.Ordinal));
        (await lab.OnHostAsync("west", "docker version --format '{{.Server.Version}}'")).ShouldNotBeEmpty();
    }

    [Fact]
    public async Task B_runners_of_a_compose_file_are_taken_over_after_their_jobs()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await InstallSeedAsync();
        // Beforehand, since it takes longer than the job.
        (await ConvergeAsync(site => site.Image, LabFixture.OptionsOf(false, "west"))).Faults.ShouldBeEmpty();
        var job = await CountingJob.StartAsync(lab, "west", "seed-2", 60);

        var planned = await lab.RunAsync(FleetText.Text, dryRun: true, "west");
        var bootstrapped = await ConvergeAsync(site => site.Bootstrap, LabFixture.OptionsOf(false, "west"));
        var early = await ConvergeAsync(site => site.Runners, LabFixture.OptionsOf(false, "west") with { NoWait = true });
        (await lab.Lab.JobAsync(job.Id)).Status.ShouldBe("in_progress", "the job should outlast what happens meanwhile");
        var run = await lab.RunAsync(FleetText.Text, limit: "west");
        var again = await lab.RunAsync(FleetText.Text, limit: "west");

        planned.Output.ShouldContain("- earlier/unit");
        bootstrapped.Faults.ShouldBeEmpty(bootstrapped.Output);
        early.Faults.ShouldNotBeEmpty();
        early.Output.ShouldContain("still have jobs: github-runner-2");
        early.Output.ShouldContain("github-runner-1: removed, with its registration github-runner-1");
        run.Faults.ShouldBeEmpty(run.Output);
        run.Output.ShouldContain("github-runner-2: busy; removed when its job ends");
        again.Summaries.ShouldBe(Enumerable.Repeat("nothing to do", 4), again.Output);
        await job.ShouldEndAsync();
        (await lab.Lab.RunnersAsync()).ShouldNotContain(runner => runner.Name.StartsWith("github-runner-", StringComparison.Ordinal));
        (await lab.OnHostAsync("west", "ls -A /opt/github-runners | sort; systemctl show -P Type github-docker-runners; ls /etc/systemd/system/docker-prune* 2>/dev/null; true"))
            .Trim().ShouldBe("bin\ndocker-compose.yml\nwork\nnotify");
        await lab.SettleAsync();
        (await lab.Lab.RunnersAsync()).Count(runner => runner.Online && runner.Name.StartsWith("west-", StringComparison.Ordinal)).ShouldBe(3);
    }

    private Task<Run> RemoveAsync(RunOptions options) => ConvergeAsync(site => site.Removal, options);

    private Task<Run> ConvergeAsync(Func<Site, RunnerBuild.Stages.Stage> stage, RunOptions options) =>
        lab.RunAsync(FleetText.Text, options, site => site.ConvergeAsync(stage(site), TestContext.Current.CancellationToken));

    /// <summary>The stand-in for the runner program in an image of the earlier installation's name and form, without anything of this project.</summary>
    private async Task MakeSeedImageAsync()
    {
        var entry = Convert.ToBase64String(await File.ReadAllBytesAsync(Path.Combine(AppContext.BaseDirectory, "Running", "seed-runner.sh"), TestContext.Current.CancellationToken));
        await lab.OnHostAsync(
            "west",
            $$$"""
            set -eu
            id=$(docker run --detach --entrypoint /bin/sh --user root "$(docker inspect -f '{{.Image}}' github-runner-3)" -c \
              'mv /home/runner /actions-runner && echo {{{entry}}} | base64 -d >/entrypoint.sh && chmod +x /entrypoint.sh')
            docker wait "$id"
            docker export "$id" | docker import --change 'ENTRYPOINT ["/entrypoint.sh"]' --change 'WORKDIR /actions-runner' - myoung34/github-runner:latest
            docker rm --volumes "$id"
            """);
    }

    private async Task InstallSeedAsync()
    {
        var script = await File.ReadAllTextAsync(Path.Combine(AppContext.BaseDirectory, "Running", "seed-install.sh"), TestContext.Current.CancellationToken);
        await lab.OnHostAsync("west", $"set -- http://{FleetText.Gateway}:{FleetText.GitHubProxyPort} {lab.Token}\n{script}");
        await Eventually.Async(
            async () => string.Join(' ', (await lab.Lab.RunnersAsync()).Where(runner => runner.Online).Select(runner => runner.Name)),
            names => names.Contains("github-runner-1", StringComparison.Ordinal) && names.Contains("github-runner-2", StringComparison.Ordinal), TimeSpan.FromSeconds(60));
    }
}
