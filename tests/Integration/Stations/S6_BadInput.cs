using System.Net;
using System.Security.Cryptography;
using Integration.Running;
using Integration.Sweeping;
using Lab.GitHub;

namespace Integration.Stations;

/// <summary>Whatever is wrong around the program ends in a message that names it, and the next correct run sets right what is to be set right.</summary>
[Collection("fleet")]
public sealed class S6_BadInput(LabFixture lab)
{
    private const string Unknown = "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA";

    [Fact]
    public async Task A_port_where_no_ssh_answers()
    {
        var run = await FailAsync(FleetText.Existing(2222, Unknown));

        run.Output.ShouldContain("198.18.88.11 does not answer SSH on port 2222");
        run.Output.ShouldContain("ssh -p 2222 debian@198.18.88.11");
    }

    [Fact]
    public async Task B_a_host_key_that_is_not_the_one_in_the_fleet()
    {
        var run = await FailAsync(FleetText.Existing(22, Unknown));

        run.Output.ShouldContain("The host key of 198.18.88.11 is not the pinned one");
        run.Output.ShouldContain($"Pinned: {Unknown}");
        run.Output.ShouldContain("--accept-host-key SHA256:");
    }

    [Fact]
    public async Task C_a_host_key_that_changed_since_it_was_pinned()
    {
        // Another key of the same type and length.
        var pinned = await File.ReadAllTextAsync(lab.FileOf("known_hosts"), TestContext.Current.CancellationToken);
        lab.Write("changed_hosts", string.Join('\n', pinned.Trim().Split('\n').Select(Changed)));

        var run = await FailAsync(FleetText.With(("knownHosts: known_hosts", "knownHosts: changed_hosts")));

        run.Output.ShouldContain("The host key of 198.18.88.11 is not the pinned one");
        run.Output.ShouldContain("--accept-host-key SHA256:");
        run.Output.ShouldContain("changed_hosts");
    }

    [Fact]
    public async Task D_a_certificate_that_is_not_the_pinned_one()
    {
        var other = string.Join(':', Enumerable.Repeat("AB", 32));
        lab.Write("other.fingerprint", other);
        lab.Proxmox.Forget();

        var run = await FailAsync(FleetText.With(("fingerprintFile: proxy.fingerprint", "fingerprintFile: other.fingerprint")));

        run.Output.ShouldContain(lab.Proxmox.Fingerprint);
        run.Output.ShouldContain(other);
        lab.Proxmox.Seen.ShouldBeEmpty();
    }

    [Fact]
    public async Task E_a_token_that_proxmox_does_not_take()
    {
        lab.Write("wrong-secret", $"{Guid.NewGuid()}");

        var run = await FailAsync(FleetText.With(("secret: { file: lab/proxmox-token }", "secret: { file: wrong-secret }")));

        run.Output.ShouldContain("401");
        run.Output.ShouldContain("root@pam!runnerbuild");
    }

    [Fact]
    public async Task F_a_vmid_that_is_somebody_elses()
    {
        await CloneAsync(290, "somebody-elses");
        lab.Proxmox.Forget();

        var run = await FailAsync(FleetText.With(("vmid: 250", "vmid: 290")));

        run.Output.ShouldContain("VMID 290 is taken by");
        run.Output.ShouldContain("somebody-elses");
        run.Output.ShouldContain("Choose another vmid for west");
        lab.Proxmox.Seen.Where(request => request.Writes).ShouldBeEmpty();
    }

    [Fact]
    public async Task G_a_template_that_there_is_not()
    {
        lab.Proxmox.Forget();

        var run = await FailAsync(FleetText.With(("vmid: 250", "vmid: 291"), ("template: 9999", "template: 9998")));

        run.Output.ShouldContain("There is no template 9998");
        run.Output.ShouldContain("9999");
        lab.Proxmox.Seen.Where(request => request.Writes).ShouldBeEmpty();
    }

    [Fact]
    public async Task H_a_token_that_github_does_not_take()
    {
        lab.Write("wrong-token", $"ghp_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18))}");

        var run = await FailAsync(FleetText.With(("credential: { file: planted-token }", "credential: { file: wrong-token }")));

        run.Output.ShouldContain("GitHub does not accept the credential");
        run.Output.ShouldContain("401");
        (await lab.OnHostAsync("west", $"cat {FleetText.Credential}")).ShouldContain(lab.Token);
    }

    [Fact]
    public async Task H_a_token_that_may_look_at_runners_and_not_register_any()
    {
        var token = new AccessToken($"github_pat_{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(18))}", "ada", ["organization_self_hosted_runners:read"]);
        lab.Write("looking-token", token.Value);
        await using var github = await OtherGitHub.StartAsync(token);

        var run = await FailAsync(FleetText.With(("url: http://198.18.88.1:28082", $"url: {OtherGitHub.Url}"), ("credential: { file: planted-token }", "credential: { file: looking-token }")));

        run.Output.ShouldContain("The credential may not do this");
        run.Output.ShouldContain("403 Resource not accessible by personal access token");
        run.Output.ShouldContain("Self-hosted runners: read and write");
        (await lab.OnHostAsync("west", $"cat {FleetText.Credential}")).ShouldContain(lab.Token);
    }

    [Fact]
    public async Task I_an_image_that_does_not_build()
    {
        lab.Write("broken-image/Dockerfile", "ARG BASE\nFROM ${BASE}\nRUN echo about to break; exit 23");

        var run = await FailAsync(FleetText.With(("image:\n", "image:\n  context: broken-image\n")));

        run.Output.ShouldContain("The runner image could not be built");
        run.Output.ShouldContain("exit code: 23");
        run.Output.ShouldContain("about to break");
    }

    [Fact]
    public async Task J_a_disk_that_is_full()
    {
        await lab.OnHostAsync("west", "mount -t tmpfs -o size=32k,mode=0755 full /opt/github-runners/bin");
        try
        {
            var run = await FailAsync(FleetText.Text);

            run.Output.ShouldContain("Could not write /opt/github-runners/bin/github-docker-runners");
            run.Output.ShouldContain("No space left on device");
            run.Output.ShouldContain("df -h");
        }
        finally
        {
            await lab.OnHostAsync("west", "umount /opt/github-runners/bin");
        }
    }

    [Fact]
    public async Task J_only_a_part_of_a_file_arrives()
    {
        const string DropIn = "/etc/ssh/sshd_config.d/00-cut.conf", Container = "rbit-lab-250";
        // As a connection does that ends in between; a command that writes is known by its second word.
        const string Cut = """if [[ $SSH_ORIGINAL_COMMAND == *" write "* ]]; then head -c 100 | bash -c "$SSH_ORIGINAL_COMMAND"; else bash -c "$SSH_ORIGINAL_COMMAND"; fi""";
        // sshd is restarted, not reloaded: after a reload it listens again at a moment that nobody is told, and refuses until then.
        await lab.OnHostAsync("west", "echo '# somebody else' >>/opt/github-runners/docker-compose.yml");
        var before = await lab.OnHostAsync("west", "ls -a /opt/github-runners; sha256sum /opt/github-runners/docker-compose.yml");
        await Machine.RunAsync(Container, "printf '#!/bin/bash\n%s\n' \"$1\" >/usr/local/lib/cut; chmod 0755 /usr/local/lib/cut; echo 'ForceCommand /usr/local/lib/cut' >\"$2\"; systemctl restart ssh", Cut, DropIn);
        try
        {
            var run = await FailAsync(FleetText.Text);

            run.Output.ShouldContain("Could not write /opt/github-runners/docker-compose.yml");
            run.Output.ShouldContain("only a part arrived");
        }
        finally
        {
            await Machine.RunAsync(Container, "rm /usr/local/lib/cut \"$1\"; systemctl restart ssh", DropIn);
        }

        (await lab.OnHostAsync("west", "ls -a /opt/github-runners; sha256sum /opt/github-runners/docker-compose.yml")).ShouldBe(before);
    }

    [Fact]
    public async Task K_after_all_of_that_one_correct_run_is_enough()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        (await lab.RunAsync(FleetText.Text)).Faults.ShouldBeEmpty();
        var again = await lab.RunAsync(FleetText.Text);

        again.Summaries.ShouldBe(Enumerable.Repeat("nothing to do", 4));
        (await lab.VerifyAsync(onlyLook: true)).ShouldAllBe(check => check.Verdict != RunnerBuild.Verifying.Verdict.Bad);
        // The one that was killed with its container is deleted once GitHub has called it offline for a while.
        await Eventually.Async(
            async () => string.Join(' ', (await lab.Lab.RunnersAsync()).Select(runner => $"{runner.Name}:{runner.Online}")),
            seen => seen.Split(' ').Length == FleetText.Slots && !seen.Contains("False", StringComparison.Ordinal), TimeSpan.FromSeconds(200));
    }

    /// <summary>A run on one host that must fail on it, with all three parts of a message, and must leave its runners serving.</summary>
    private async Task<Run> FailAsync(string fleet)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var run = await lab.RunAsync(fleet, limit: "west");
        run.Faults.ShouldNotBeEmpty(run.Output);
        run.Output.ShouldContain("why:");
        run.Output.ShouldContain("fix:");
        (await lab.Lab.RunnersAsync()).Count(runner => runner.Online && runner.Name.StartsWith("west-", StringComparison.Ordinal)).ShouldBe(3);
        return run;
    }

    private static string Changed(string line)
    {
        var words = line.Split(' ');
        var blob = Convert.FromBase64String(words[2]);
        RandomNumberGenerator.Fill(blob.AsSpan(blob.Length - 32));
        return $"{words[0]} {words[1]} {Convert.ToBase64String(blob)}";
    }

    private async Task CloneAsync(int vmid, string name)
    {
        using var http = lab.ProxmoxClient();
        using var form = new FormUrlEncodedContent(new Dictionary<string, string> { ["newid"] = $"{vmid}", ["name"] = name });
        using var response = await http.PostAsync("nodes/pve/qemu/9999/clone", form, TestContext.Current.CancellationToken);
        response.StatusCode.ShouldBe(HttpStatusCode.OK, await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        await Eventually.Async(
            async () => await http.GetStringAsync("cluster/resources?type=vm", TestContext.Current.CancellationToken),
            guests => guests.Contains(name, StringComparison.Ordinal) && !guests.Contains("\"lock\"", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
    }
}
