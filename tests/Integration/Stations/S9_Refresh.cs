using Integration.Running;

namespace Integration.Stations;

/// <summary>The image is renewed: what is broken stays away from the fleet, what is good reaches all of it, and no job notices.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S9_Refresh(LabFixture lab)
{
    private const string Lock = "image.lock.json";

    /// <summary>Three hosts of four slots: one whose jobs have an engine, three without.</summary>
    private static readonly string Wide = FleetText.Text[..FleetText.Text.IndexOf("hosts:", StringComparison.Ordinal)]
        + "hosts:\n" + string.Concat(new[] { ("west", 250, 11), ("east", 251, 12), ("north", 252, 13) }.Select(host => $$"""
              {{host.Item1}}:
                vm: { vmid: {{host.Item2}}, ip: 198.18.88.{{host.Item3}}/24 }
                pools:
                  - { name: docker, count: 1, labels: [self-hosted, docker], cpus: 1.5, memory: 2G, pids: 1024 }
                  - { name: plain, count: 3, docker: none, labels: [self-hosted, plain, plain-{{host.Item1}}] }

            """))
        + FleetText.Text[FleetText.Text.IndexOf("image:\n", StringComparison.Ordinal)..];

    private static readonly (string Host, int Slots)[] WideSlots = [("west", 4), ("east", 4), ("north", 4)];

    [Theory]
    [InlineData("does-not-start", "ENTRYPOINT [\"/no/such/program\"]", "candidate's slot")]
    [InlineData("never-online", "ENTRYPOINT [\"sleep\", \"900\"]", "candidate's slot")]
    [InlineData("job-fails", "RUN printf '#!/bin/sh\\nexit 1\\n' >/usr/local/bin/job-started.sh", "shell and git clone")]
    [InlineData("tool-missing", "RUN rm -f $(command -v ansible-playbook)", "tools")]
    [InlineData("docker-broken", "RUN rm $(command -v runc)", "docker")]
    [InlineData("taint", "RUN touch /var/tmp/runnerbuild-mark", "freshness")]
    public async Task A_a_broken_candidate_takes_no_slot_of_the_fleet(string name, string broken, string said)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        var recipe = Recipe(name, broken);
        // One to go back to, which a candidate must not push out.
        const string Older = "printf 'FROM %s\\nLABEL older=yes\\n' $(docker inspect --format '{{.Config.Image}}' github-runner-1) | docker build --quiet --tag runnerbuild/runner:older - >/dev/null";
        await Task.WhenAll(lab.OnHostAsync("west", Older), lab.OnHostAsync("east", Older));
        var before = await BothAsync();
        var locked = await File.ReadAllTextAsync(lab.FileOf(Lock), TestContext.Current.CancellationToken);

        var run = await lab.RefreshAsync(FleetText.With(("image:\n", $"image:\n  keep: 2\n  context: {recipe}\n")));

        var fault = run.Faults.ShouldHaveSingleItem();
        fault.What.ShouldContain("was refused");
        fault.Why.ShouldContain(said);
        (await BothAsync()).ShouldBe(before);
        await Task.WhenAll(new[] { "west", "east" }.Select(host => lab.OnHostAsync(host, "docker image rm runnerbuild/runner:older")));
        (await File.ReadAllTextAsync(lab.FileOf(Lock), TestContext.Current.CancellationToken)).ShouldBe(locked);
        (await lab.Lab.RunnersAsync()).Count.ShouldBe(FleetText.Slots);
    }

    [Fact]
    public async Task B_a_new_runner_rolls_three_hosts_under_load_and_no_job_ends_for_it()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        (await lab.RunAsync(Wide)).Faults.ShouldBeEmpty();
        await lab.SettleAsync(WideSlots);
        using var release = NextRelease.In(lab.FileOf("lab/releases"));
        var watches = await Task.WhenAll(WideSlots.Select(slots => CapacityWatch.StartAsync(lab, slots.Host)));
        await using var load = new SteadyLoad(lab.Lab, "plain", "plain", "plain", "plain", "docker");

        var run = await lab.RefreshAsync(Wide);

        var jobs = await load.EndAsync();
        foreach (var (watch, slots) in watches.Zip(WideSlots))
        {
            var (away, looks) = await watch.EndAsync();
            TestContext.Current.TestOutputHelper?.WriteLine($"{slots.Host}: at most {away} of {slots.Slots} slots away, in {looks} looks");
            away.ShouldBeLessThanOrEqualTo(1, slots.Host);
            looks.ShouldBeGreaterThan(30);
        }

        TestContext.Current.TestOutputHelper?.WriteLine($"{jobs.Count} jobs");
        run.Faults.ShouldBeEmpty(run.Output);
        jobs.Count.ShouldBeGreaterThan(10);
        jobs.ShouldAllBe(job => job.Conclusion == "success");
        await lab.SettleAsync(WideSlots);
        var serving = (await Task.WhenAll(WideSlots.Select(slots => lab.ServingOnAsync(slots.Host)))).SelectMany(runners => runners).ToList();
        serving.Count.ShouldBe(12);
        serving.Distinct().ShouldHaveSingleItem().ShouldEndWith($" {NextRelease.Version}");
        await NothingToDoAsync();
        await BackAsync();
    }

    [Fact]
    public async Task C_with_one_host_and_one_slot_it_is_the_same()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var one = FleetText.Text[..FleetText.Text.IndexOf("      - { name: docker, count: 2", StringComparison.Ordinal)]
            + "      - { name: plain, count: 1, docker: none, labels: [self-hosted, plain, plain-west] }\n"
            + FleetText.Text[FleetText.Text.IndexOf("image:\n", StringComparison.Ordinal)..];
        (await lab.RunAsync(one)).Faults.ShouldBeEmpty();
        await lab.SettleAsync(("west", 1));
        using var release = NextRelease.In(lab.FileOf("lab/releases"));
        await using var load = new SteadyLoad(lab.Lab, "plain-west");

        var run = await lab.RefreshAsync(one);

        var jobs = await load.EndAsync();
        run.Faults.ShouldBeEmpty(run.Output);
        jobs.ShouldNotBeEmpty();
        jobs.ShouldAllBe(job => job.Conclusion == "success");
        await lab.SettleAsync(("west", 1));
        (await lab.ServingOnAsync("west")).ShouldHaveSingleItem().ShouldEndWith($" {NextRelease.Version}");
        release.Dispose();
        (await lab.RollBackImageAsync(one)).Faults.ShouldBeEmpty();
        await lab.SettleAsync(("west", 1));
        (await lab.ServingOnAsync("west")).ShouldHaveSingleItem().ShouldNotEndWith($" {NextRelease.Version}");
        File.Delete(lab.FileOf(Lock));
        (await lab.RunAsync(FleetText.Text)).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
    }

    [Theory]
    [InlineData("build", "building runnerbuild/runner:", 0)]
    [InlineData("spare-slot", "-> candidate-none", 0)]
    [InlineData("jobs", "-> candidate-none", 10)]
    [InlineData("first-host", "wait for 3 runners", 0)]
    [InlineData("next-host", "wait for 4 runners", 0)]
    public async Task D_killed_anywhere_and_run_again_it_ends_the_same(string step, string when, int seconds)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        lab.Write("changed.yml", FleetText.With(("image:\n", $"image:\n  context: {Recipe($"again-{step}", $"ENV AGAIN={step}")}\n")));
        using (var killed = BuildProcess.Start(LabFixture.Root, "RefreshImage", "--fleet", lab.FileOf("changed.yml")))
        {
            await killed.SaysAsync(when, TimeSpan.FromMinutes(3));
            await Task.Delay(TimeSpan.FromSeconds(seconds), TestContext.Current.CancellationToken);
            using (var second = BuildProcess.Start(LabFixture.Root, "RefreshImage", "--fleet", lab.FileOf("changed.yml")))
            {
                var refused = await second.EndAsync(TestContext.Current.CancellationToken);
                refused.ExitCode.ShouldBe(1, refused.Output);
                refused.Output.ShouldMatch(@"RefreshImage of \S+ \(process \d+\) since \d{4}-\d\d-\d\d \d\d:\d\d:\d\d UTC holds the lock");
            }

            killed.Kill();
        }

        var run = await lab.RefreshAsync(await File.ReadAllTextAsync(lab.FileOf("changed.yml"), TestContext.Current.CancellationToken));
        run.Faults.ShouldBeEmpty(run.Output);
        await lab.SettleAsync();
        var serving = (await lab.ServingOnAsync("west")).Concat(await lab.ServingOnAsync("east")).ToList();
        serving.Count.ShouldBe(FleetText.Slots);
        serving.Distinct().ShouldHaveSingleItem();
        (await lab.Lab.RunnersAsync()).Count.ShouldBe(FleetText.Slots);
        foreach (var host in new[] { "west", "east" })
            (await lab.OnHostAsync(host, "cat /etc/github-runners/supervisor.json")).ShouldNotContain("candidate-");
        (await lab.RunAsync(FleetText.Text)).Faults.ShouldBeEmpty();
    }

    /// <summary>The project's recipe with one more line, beside the fleet file.</summary>
    private string Recipe(string name, string line)
    {
        var from = Path.Combine(Repository.Root, "runner-image");
        foreach (var file in Directory.GetFiles(from, "*", SearchOption.AllDirectories))
            lab.Copy(file, $"recipe-{name}/{Path.GetRelativePath(from, file)}");
        File.AppendAllText(lab.FileOf($"recipe-{name}/Dockerfile"), $"{line}\n");
        return $"recipe-{name}";
    }

    private async Task<string> BothAsync() => await lab.FleetOnAsync("west") + await lab.FleetOnAsync("east");

    /// <summary>A look that finds nothing new builds nothing and asks GitHub seldom.</summary>
    private async Task NothingToDoAsync()
    {
        await WithoutOneHostAsync();
        lab.GitHub.Forget();
        var run = await lab.RefreshAsync(Wide);
        var calls = lab.GitHub.Seen.Where(call => !call.From.ToString().StartsWith("198.18.88.1", StringComparison.Ordinal) || call.From.ToString() == FleetText.Gateway).ToList();
        TestContext.Current.TestOutputHelper?.WriteLine($"nothing to do: {calls.Count} calls");
        run.Summaries.ShouldHaveSingleItem().ShouldStartWith("nothing to do");
        run.Output.ShouldNotContain("building");
        calls.Count.ShouldBeLessThanOrEqualTo(10);
    }

    /// <summary>A host that does not answer is named in the end, and keeps no other from its image.</summary>
    private async Task WithoutOneHostAsync()
    {
        var off = await lab.RefreshAsync(Wide.Replace("198.18.88.13/24 }", "198.18.88.13/24 }\n    ssh: { port: 2222 }", StringComparison.Ordinal));
        var fault = off.Faults.ShouldHaveSingleItem();
        fault.What.ShouldBe("north was left out.");
        fault.Why.ShouldStartWith("north: ");
        off.Output.ShouldNotContain("building");
    }

    /// <summary>The fleet of the other stations, and no machine more.</summary>
    private async Task BackAsync()
    {
        var gone = await lab.RunAsync(Wide, LabFixture.OptionsOf(false, "north"), site => site.ConvergeAsync(site.Destruction, TestContext.Current.CancellationToken));
        gone.Faults.ShouldBeEmpty(gone.Output);
        File.Delete(lab.FileOf(Lock));
        (await lab.RunAsync(FleetText.Text)).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
    }
}
