using Integration.Running;

namespace Integration.Stations;

/// <summary>A run over a fleet that is as it should be.</summary>
[Collection("fleet")]
public sealed class S2_SecondRun(LabFixture lab)
{
    [Fact]
    public async Task It_says_that_there_is_nothing_to_do_and_touches_nothing()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var before = await StateAsync();
        var runners = (await lab.Lab.RunnersAsync()).Select(runner => runner.Name).Order();
        lab.Proxmox.Forget();
        lab.GitHub.Forget();

        var run = await lab.RunAsync(FleetText.Text);

        run.Faults.ShouldBeEmpty(run.Output);
        run.Summaries.ShouldBe(Enumerable.Repeat("nothing to do", 4));
        run.Output.ShouldBeEmpty();
        lab.Proxmox.Seen.ShouldNotBeEmpty();
        lab.Proxmox.Seen.Where(request => request.Writes).ShouldBeEmpty();
        // The hosts' supervisors ask for registrations whenever they like; this is about the program.
        var own = lab.GitHub.Seen.Where(request => !FleetText.Hosts.Contains($"{request.From}")).ToList();
        // Not even the runner's releases are looked at: the lock names one.
        own.ShouldBeEmpty();
        (await StateAsync()).ShouldBe(before);
        (await lab.Lab.RunnersAsync()).Select(runner => runner.Name).Order().ShouldBe(runners);
    }

    [Fact]
    public async Task Only_the_hosts_that_a_run_is_limited_to_are_looked_at()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.OnHostAsync("west", "rm /opt/github-runners/docker-compose.yml");
        await lab.OnHostAsync("east", "rm /opt/github-runners/docker-compose.yml");
        var east = await HostState.OfAsync(lab, "east");
        lab.Proxmox.Forget();

        var run = await lab.RunAsync(FleetText.Text, limit: "west");

        run.Faults.ShouldBeEmpty(run.Output);
        run.Summaries[3].ShouldEndWith("made");
        run.Output.ShouldContain("docker-compose.yml");
        run.Output.ShouldNotContain("east");
        lab.Proxmox.Seen.Where(request => request.Path.Contains("/qemu/251", StringComparison.Ordinal)).ShouldBeEmpty();
        (await HostState.OfAsync(lab, "east")).ShouldBe(east);
        (await lab.RunAsync(FleetText.Text)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task The_same_machine_is_as_well_served_when_it_is_none_of_proxmox()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var key = (await lab.OnHostAsync("west", "ssh-keygen -lf /etc/ssh/ssh_host_ed25519_key.pub | cut -d' ' -f2")).Trim();
        lab.Proxmox.Forget();

        var run = await lab.RunAsync(FleetText.Existing(22, key), limit: "west");

        run.Faults.ShouldBeEmpty(run.Output);
        run.Summaries.ShouldBe(Enumerable.Repeat("nothing to do", 4));
        lab.Proxmox.Seen.ShouldBeEmpty();
        File.Exists(lab.FileOf("no_hosts")).ShouldBeFalse();
    }

    private async Task<string> StateAsync() =>
        $"{await HostState.OfAsync(lab, "west")}\n{await HostState.OfAsync(lab, "east")}\n{await File.ReadAllTextAsync(lab.FileOf("known_hosts"))}";
}
