using Integration.Running;

namespace Integration.Stations;

/// <summary>From nothing to serving runners on two machines.</summary>
[Collection("fleet")]
public sealed class S1_FirstRun(LabFixture lab)
{
    [Fact]
    public async Task A_dry_run_finds_what_there_is_to_do_and_makes_nothing()
    {
        var run = await lab.RunAsync(FleetText.Text, dryRun: true);

        run.Faults.ShouldBeEmpty();
        run.FoundChanges.ShouldBeTrue();
        run.Output.ShouldContain("+ vm/250");
        run.Output.ShouldContain("+ vm/251");
        lab.Proxmox.Seen.ShouldNotBeEmpty();
        lab.Proxmox.Seen.Where(request => request.Writes).ShouldBeEmpty();
        (await LocalProgram.RunAsync("docker", "ps", "--all", "--quiet", "--filter", "label=runnerbuild.lab=rbit-lab")).Output.ShouldBeEmpty();
        (await lab.Lab.RunnersAsync()).ShouldBeEmpty();
        File.Exists(lab.FileOf("known_hosts")).ShouldBeFalse();
        File.Exists(lab.FileOf("image.lock.json")).ShouldBeFalse();
    }

    [Fact]
    public async Task B_the_first_run_makes_machines_and_every_slot_serves()
    {
        var run = await lab.RunAsync(FleetText.Text);

        run.Faults.ShouldBeEmpty(run.Output);
        run.Summaries.ShouldAllBe(summary => summary.EndsWith("made", StringComparison.Ordinal));
        lab.Converged = true;
        var runners = await lab.Lab.RunnersAsync();
        runners.Count.ShouldBe(FleetText.Slots);
        runners.ShouldAllBe(runner => runner.Online && !runner.Busy && runner.Scope == "orgs/acme");
        runners.Count(runner => runner.Name.StartsWith("west-", StringComparison.Ordinal)).ShouldBe(3);
        runners.Count(runner => runner.Labels.Contains("plain-east")).ShouldBe(2);
        run.Output.Split("building runnerbuild/runner:").Length.ShouldBe(2, "one host builds the image, and the other gets it");
        run.Output.ShouldContain("+ image  copy  (none) -> runnerbuild/runner:");
        File.Exists(lab.FileOf("image.lock.json")).ShouldBeTrue();
    }

    [Fact]
    public async Task C_the_limits_of_a_pool_hold_for_its_containers()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        var limits = await lab.OnHostAsync("west", "docker inspect -f '{{.HostConfig.NanoCpus}} {{.HostConfig.Memory}} {{.HostConfig.PidsLimit}}' github-runner-1");

        limits.Trim().ShouldBe("1500000000 2147483648 1024");
    }
}
