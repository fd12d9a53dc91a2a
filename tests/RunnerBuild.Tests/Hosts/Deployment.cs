using System.Text.Json;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Tests.Hosts;

public sealed class Deployment : IDisposable
{
    private readonly string _program = Path.GetTempFileName();

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
        var hidden = deployment.Resources.OfType<HostFile>().Where(file => file.Content.HashWith("") == new Remote.FileContent.Hidden(new Secret(Token)).HashWith("")).ToList();
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
        CredentialFile.Of(host).Select(file => file.Name).ShouldBe(["github-1", "github-2"]);
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
    public void A_slot_counts_by_what_lasts(string state, string? image, string? reason, int changes)
    {
        var deployment = Of(Samples.Host);
        SlotPlan.Diff(deployment, Status(deployment, state, image, reason), restarts: false).Count().ShouldBe(changes);
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
        var path = $"{HostPaths.Credentials}/github-1";
        HostPlan.Diff(deployment.Resources, facts.WithFile(path, facts.Files[path] with { Hash = "old" }), Samples.Nonce).Last().To.ShouldBe("restarted");
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

    private RunnerDeployment Of(Host host, string token = "ghp_secret_of_the_sample_fleet") =>
        RunnerDeployment.Of(host, Facts, _program, Samples.Image, Samples.Secrets(token));

    private static SupervisorStatus Status(RunnerDeployment deployment, string state, string? image = null, string? reason = null) => new(
        "", SupervisorConfiguration.Fingerprint(deployment.Configuration),
        [.. deployment.Slots.Select(slot => new SlotStatus(slot.Name, slot.Pool.Name, state, "r", 1, "c", image ?? slot.Image, [], null, reason, null, Passing: state == "Cleaning"))]);

    public void Dispose() => File.Delete(_program);
}
