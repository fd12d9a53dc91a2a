using System.Net;
using Integration.Running;
using Integration.Sweeping;

namespace Integration.Stations;

/// <summary>Where the credential is, and above all where it is not.</summary>
[Collection("fleet")]
public sealed class S4_Secrets(LabFixture lab)
{
    // The token itself comes with the script on standard input and goes to a file in memory: a search must not find itself.
    private const string Search = """
        set -eu -o pipefail
        mark=$(mktemp -p /dev/shm); trap 'rm -f "$mark"' EXIT
        printf '%s\n' 'TOKEN' >"$mark"
        search() { if grep -aqF -f "$mark"; then echo "$1"; fi; }
        cat "$mark" | search 'control'
        for id in $(docker ps --all --quiet); do
          docker inspect "$id" | search "docker inspect $id"
          docker logs "$id" 2>&1 | search "docker logs $id"
          docker export "$id" | search "files of $id"
        done
        for image in $(docker images --quiet); do
          docker history --no-trunc "$image" | search "history of $image"
          docker inspect "$image" | search "image $image"
        done
        for file in /proc/[0-9]*/environ /proc/[0-9]*/cmdline; do
          { cat "$file" || true; } 2>/dev/null | search "$file"
        done
        journalctl --no-pager | search journal
        find / -xdev -type f -size -200M -print0 | xargs -0 grep -slaF -f "$mark" || true
        find /run /tmp /var/lib/docker/containers /var/lib/docker/volumes -xdev -type f -print0 | xargs -0 grep -slaF -f "$mark" || true
        """;

    [Theory]
    [InlineData("west")]
    [InlineData("east")]
    public async Task On_a_host_the_token_is_in_one_file_of_root_alone(string host)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();

        var found = await lab.OnHostAsync(host, Search.Replace("TOKEN", lab.Token, StringComparison.Ordinal));

        found.Trim().Split('\n').ShouldBe(["control", FleetText.Credential]);
        (await lab.OnHostAsync(host, $"stat -c '%a %U:%G' /etc/github-runners/credentials {FleetText.Credential}")).Trim()
            .ShouldBe("700 root:root\n600 root:root");
    }

    [Fact]
    public async Task A_deployment_shows_the_token_to_nobody_while_it_runs()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await Beginning.TakeOffAsync("rbit-lab-250");
        string[] secrets = [lab.Token, File.ReadAllText(lab.FileOf("lab/proxmox-token")).Trim()];

        await using var samples = new ProcessSamples(secrets, "/opt/github-runners/bin/github-docker-runners");
        // A command over SSH lives for moments only: it is looked at before it runs.
        await using var gate = new SshGate("rbit-lab-250", new IPEndPoint(IPAddress.Parse(FleetText.Gateway), FleetText.GatePort), _ => Task.Run(samples.Take));
        await gate.InstallAsync();
        using var run = BuildProcess.Start(LabFixture.Root, "DeployRunners", "--fleet", lab.FileOf("fleet.yml"), "--limit", "west", "--verbosity", "Verbose");
        var ended = await run.EndAsync(TestContext.Current.CancellationToken);

        ended.ExitCode.ShouldBe(0, ended.Output);
        ended.Output.ShouldContain($"write {FleetText.Credential}");
        samples.Samples.ShouldBeGreaterThan(30);
        samples.SawKnown.ShouldBeTrue();
        samples.Found.ShouldBeEmpty();
        var written = Directory.EnumerateFiles(Path.Combine(LabFixture.Root, ".nuke", "temp"), "*").ToList();
        written.ShouldNotBeEmpty();
        foreach (var secret in secrets)
        {
            ended.Output.ShouldNotContain(secret);
            written.ShouldAllBe(file => !File.ReadAllText(file).Contains(secret));
        }
    }

    [Theory]
    [InlineData("plain-west")]
    [InlineData("docker-west")]
    public async Task A_job_that_searches_finds_no_token(string label)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await lab.SettleAsync();
        var ports = await lab.OnHostAsync("west", SecretSearch.Ports);

        var job = await lab.Lab.RunAsync(SecretSearch.Script(FleetText.Hosts[0], ports, lab.Token), label);

        job.Conclusion.ShouldBe("success", job.Log);
        ports.Split(' ').ShouldContain("22");
        SecretSearch.FoundIn(job.Log).ShouldBe(SecretSearch.Planted, job.Log);
        job.Log.ShouldContain("searched");
    }

    [Fact]
    public void Nothing_that_was_printed_or_logged_has_a_token()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        string[] secrets = [lab.Token, File.ReadAllText(lab.FileOf("lab/proxmox-token")).Trim()];

        foreach (var secret in secrets)
        {
            secret.Length.ShouldBeGreaterThan(16);
            lab.Said.ShouldNotContain(secret);
            File.ReadAllText(lab.FileOf("lab/lab.log")).ShouldNotContain(secret);
            File.ReadAllText(lab.FileOf("known_hosts")).ShouldNotContain(secret);
            File.ReadAllText(lab.FileOf("fleet.yml")).ShouldNotContain(secret);
        }
    }
}
