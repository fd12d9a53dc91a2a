using System.Text.Json;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Hosts;

public sealed class Deployment
{
    private static readonly FileContent Program = new FileContent.Program("github-docker-runners", [1, 2, 3]);

    private HostFacts Facts { get; } = Host_setup.Converged(Samples.BareMachine);

    [Fact]
    public void Slots_are_counted_through_all_pools() =>
        WantedSlot.Of(Samples.Host with { Pools = [Samples.Pool, Samples.Pool with { Name = "big", Count = 1, Image = "own:1" }] }, Samples.Image)
            .Select(slot => $"{slot.Name} {slot.Pool.Name} {slot.Image}").ShouldBe(
            [
                $"github-runner-1 default {Samples.Image}", $"github-runner-2 default {Samples.Image}", "github-runner-3 big own:1",
            ]);

    [Fact]
    public void Nothing_that_is_shown_or_not_root_only_holds_the_credential()
    {
        const string Token = "ghp_token_nobody_may_see";
        var deployment = Of(Samples.Host, Token);
        var hidden = deployment.Resources.OfType<HostFile>().Where(file => file.Content.HashWith("") == new FileContent.Hidden(new Secret(Token)).HashWith("")).ToList();
        hidden.ShouldAllBe(file => file.Mode == "0600" && file.Path.StartsWith("/etc/github-runners/credentials/"));
        hidden.Count.ShouldBe(1);
        $"{deployment}{string.Join('\n', deployment.Resources)}".ShouldNotContain(Token);
        HostPlan.Diff(deployment.Resources, Facts, Samples.Nonce).SelectMany(change => change.Steps).Select(step => $"{step}").ShouldAllBe(text => !text.Contains(Token));
    }

    [Fact]
    public void Pools_of_one_credential_share_its_file_and_others_have_their_own()
    {
        var other = new GitHubCredential.Token(new SecretReference.FromEnvironment("OTHER"));
        var host = Samples.Host with
        {
            Pools = [Samples.Pool, Samples.Pool with { Name = "b" }, Samples.Pool with { Name = "c", Scope = Samples.Scope with { Credential = other } }],
        };
        CredentialFile.Of(host).Select(file => file.Name).ShouldBe(["github.com-orgs-acme", "github.com-orgs-acme-2"]);
    }

    [Fact]
    public void A_credentials_file_keeps_its_name_when_pools_come_and_go()
    {
        var mine = Samples.Pool with { Name = "mine", Scope = Samples.Scope with { Kind = ScopeKind.Repository, Name = "me/it", Credential = new GitHubCredential.Token(new SecretReference.FromEnvironment("OTHER")) } };
        CredentialFile.Of(Samples.Host with { Pools = [mine, Samples.Pool] }).Select(file => file.Name).ShouldBe(["github.com-repos-me-it", "github.com-orgs-acme"]);
        CredentialFile.Of(Samples.Host with { Pools = [mine] }).Select(file => file.Name).ShouldBe(["github.com-repos-me-it"]);
    }

    [Fact]
    public void A_removed_pools_credential_goes_once_no_runner_was_registered_with_it()
    {
        string Old(string name) => $"{HostPaths.Credentials}/{name}";
        var facts = Facts with { Stored = [Old("github.com-orgs-acme"), Old("old-1"), Old("old-2"), $"{HostPaths.Jobs}/gone", $"{HostPaths.Jobs}/gone/id_runner"] };
        var rolling = facts with { Containers = [new("github-runner-3", "i", "running", "r", "gh-1", "old-1")] };

        var meanwhile = RunnerDeployment.Of(Samples.Host, rolling, Program, Samples.Image, Samples.Secrets());
        var after = RunnerDeployment.Of(Samples.Host, facts, Program, Samples.Image, Samples.Secrets());

        meanwhile.Obsolete.ShouldBe([Old("old-2"), $"{HostPaths.Jobs}/gone"]);
        UnitOf(meanwhile).ShouldContain($"LoadCredential=old-1:{Old("old-1")}");
        after.Obsolete.ShouldBe([Old("old-1"), Old("old-2"), $"{HostPaths.Jobs}/gone"]);
        UnitOf(after).ShouldNotContain("old-");
        StoredPlan.Diff(after).Select(change => change.Sign).ShouldBe(['-', '-', '-']);
    }

    [Fact]
    public void Compose_sees_no_difference_in_a_slot_whatever_is_deployed()
    {
        var changed = Samples.Pool with { Name = "other", Image = "own:2", Cpus = 1, MemoryMiB = 1024, Pids = 99, Labels = ["more"] };
        string Of(Pool pool) => ComposeFile.Of(Samples.Host with { Pools = [pool] }, WantedSlot.Of(Samples.Host with { Pools = [pool] }, Samples.Image));

        Of(changed).ShouldBe(Of(Samples.Pool));
        Of(Samples.Pool).ShouldContain($"image: {ComposeFile.Image}");
    }

    [Fact]
    public void The_supervisor_is_told_everything_but_secrets()
    {
        using var json = JsonDocument.Parse(Of(Samples.Host).Configuration);
        var pool = json.RootElement.GetProperty("pools")[0];
        json.RootElement.GetProperty("version").GetInt32().ShouldBe(1);
        pool.GetProperty("scope").GetString().ShouldBe("orgs/acme");
        pool.GetProperty("api").GetString().ShouldBe("https://api.github.com");
        pool.GetProperty("memoryBytes").GetInt64().ShouldBe(4L << 30);
        pool.GetProperty("docker").GetString().ShouldBe("dind");
        pool.GetProperty("slots").EnumerateArray().Select(slot => slot.GetString()).ShouldBe(["github-runner-1", "github-runner-2"]);
    }

    [Fact]
    public void A_pool_of_none_is_nothing_to_the_supervisor()
    {
        using var json = JsonDocument.Parse(Of(Samples.Host with { Pools = [Samples.Pool, Samples.Pool with { Name = "none", Count = 0 }] }).Configuration);
        json.RootElement.GetProperty("pools").EnumerateArray().Select(pool => pool.GetProperty("name").GetString()).ShouldBe(["default"]);
    }

    [Fact]
    public void A_host_where_all_slots_serve_needs_nothing()
    {
        var deployment = Of(Samples.Host);
        SlotPlan.Diff(deployment, Status(deployment, "Idle"), restarts: false).ShouldBeEmpty();
        var converged = Facts.With(deployment.Resources);
        HostPlan.Diff(deployment.Resources, converged, Samples.Nonce).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("Busy", "other:1", null, 0)]
    [InlineData("Cleaning", null, "The last runner's container is being removed.", 0)]
    [InlineData("Idle", "other:1", null, 3)]
    [InlineData("Parked", null, "the token was revoked", 3)]
    [InlineData("Empty", null, "drained", 0)]
    public void A_slot_counts_by_what_lasts(string state, string? image, string? reason, int changes)
    {
        var deployment = Of(Samples.Host);
        SlotPlan.Diff(deployment, Status(deployment, state, image, reason), restarts: false).Count().ShouldBe(changes);
    }

    [Fact]
    public void Old_images_go_but_for_the_last_and_those_in_use()
    {
        var facts = Facts with { Built = [Samples.Image, "runnerbuild/runner:4", "runnerbuild/runner:3", "runnerbuild/runner:2", "own:1"], Used = ["runnerbuild/runner:3"] };
        OldImages.Diff(Of(Samples.Host), facts, keep: 2).Select(change => change.From).ShouldBe(["runnerbuild/runner:2"]);
    }

    [Fact]
    public void Runners_of_a_hosts_earlier_name_end_before_the_service_starts_with_the_new_one()
    {
        var deployment = Of(Samples.Host);
        var renamed = Facts.With(deployment.Resources) with
        {
            Containers = [new("github-runner-1", Samples.Image, "running", "old-1-x", "old"), new("other", "i", "running", "")],
            Supervisor = Status(deployment, "Idle"),
        };
        RenamedHost.Diff(Samples.Host, renamed).Select(change => (change.From, change.To)).ShouldBe([("old", "gh-1")]);
        HostPlan.Diff(deployment.Resources, RenamedHost.After(Samples.Host, renamed), Samples.Nonce).Select(change => (change.Resource, change.From, change.To))
            .ShouldBe([($"unit/{HostPaths.ServiceUnit}", "inactive", "active")]);
        RenamedHost.Diff(Samples.Host with { Name = "old" }, renamed).ShouldBeEmpty();
    }

    [Fact]
    public void Other_settings_are_loaded_without_a_restart()
    {
        var deployment = Of(Samples.Host);
        var changes = SlotPlan.Diff(deployment, Status(deployment, "Idle") with { Configuration = "old" }, restarts: false).ToList();
        changes.First().Steps.OfType<RunScript>().Single().Script.ShouldContain("reload");
        changes.Last().Steps.ShouldHaveSingleItem().ShouldBeOfType<AwaitSlots>();
    }

    [Fact]
    public void A_new_token_restarts_the_service()
    {
        var deployment = Of(Samples.Host);
        var facts = Facts.With(deployment.Resources);
        var path = $"{HostPaths.Credentials}/github.com-orgs-acme";
        HostPlan.Diff(deployment.Resources, facts.WithFile(path, facts.Files[path] with { Hash = "old" }), Samples.Nonce).Last().To.ShouldBe("restarted");
    }

    [Fact]
    public void What_jobs_find_in_their_home_reaches_them_by_a_restart_once()
    {
        var host = Samples.Host with { Pools = [Samples.Pool with { KnownHosts = ["example.org ssh-ed25519 AAAA"] }] };
        var before = Facts.With(Of(host).Resources);
        var changed = Of(host with { Pools = [host.Pools[0] with { KnownHosts = ["example.org ssh-ed25519 BBBB"] }] });

        var changes = HostPlan.Diff(changed.Resources, before, Samples.Nonce).ToList();

        changes.Select(change => (change.Resource, change.To)).Last().ShouldBe(($"unit/{HostPaths.ServiceUnit}", "restarted"));
        HostPlan.Diff(changed.Resources, before.With(changed.Resources), Samples.Nonce).ShouldBeEmpty();
    }

    [Fact]
    public void What_runs_is_told_by_its_hash_and_not_by_the_clock()
    {
        var deployment = Of(Samples.Host);
        var facts = Facts.With(deployment.Resources);
        var written = facts.Files[HostPaths.Supervisor];
        HostPlan.Diff(deployment.Resources, facts.WithFile(HostPaths.Supervisor, written with { Modified = written.Modified + 1e6 }), Samples.Nonce).ShouldBeEmpty();

        var older = facts with { Supervisor = facts.Supervisor! with { Build = "old" } };
        HostPlan.Diff(deployment.Resources, older, Samples.Nonce).Single().From.ShouldBe("active with another program");
        HostPlan.Diff(deployment.Resources, facts with { Supervisor = null }, Samples.Nonce).Single().From.ShouldBe("active, not answering");
    }

    private static string UnitOf(RunnerDeployment deployment) =>
        System.Text.Encoding.UTF8.GetString(deployment.Resources.OfType<HostFile>().Single(file => file.Path == HostPaths.ServiceUnitFile).Content.Bytes());

    private RunnerDeployment Of(Host host, string token = "ghp_secret_of_the_sample_fleet") =>
        RunnerDeployment.Of(host, Facts, Program, Samples.Image, Samples.Secrets(token));

    private static SupervisorStatus Status(RunnerDeployment deployment, string state, string? image = null, string? reason = null) => new(
        "", SupervisorConfiguration.Fingerprint(deployment.Configuration),
        [.. deployment.Slots.Select(slot => new SlotStatus(slot.Name, slot.Pool.Name, state, "r", "c", image ?? slot.Image, [], null, reason, null, Passing: state == "Cleaning", Drained: reason == "drained"))]);
}
