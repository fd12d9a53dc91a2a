using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Hosts;

public class Pull_through_mirror
{
    private static readonly HostFacts Bare = Samples.BareMachine;
    private static readonly HostFacts Ready = Bare.With(HostBaseline.Of(Samples.Host, Bare)) with { Bridge = "172.17.0.1" };

    [Fact]
    public void The_package_never_starts_with_settings_of_its_own()
    {
        var order = HostPlan.Diff(HostBaseline.Of(Samples.Host, Bare), Bare, Samples.Nonce);
        var resources = order.Select(change => change.Resource).ToList();
        resources.IndexOf("file/etc/systemd/system/docker-registry.service").ShouldBeInRange(0, resources.IndexOf("packages") - 1);
        resources.IndexOf("file/etc/github-runners/mirror.yml").ShouldBeInRange(0, resources.IndexOf("unit/docker-registry.service") - 1);
        order.First(change => change.Resource == "packages").To!.ShouldContain("docker-registry");
    }

    [Fact]
    public void Engines_of_jobs_ask_it_before_all_others()
    {
        var host = Samples.Host with { Engine = Samples.Engine with { RegistryMirrors = ["https://mirror.home.arpa"] } };
        SettingsOf(host, Ready).ShouldContain("\"registry-mirrors\":[\"http://172.17.0.1:5050\",\"https://mirror.home.arpa\"]");
    }

    [Fact]
    public void BuildKit_takes_it_without_TLS_only_when_it_is_named_as_insecure()
    {
        var host = Samples.Host with { Engine = Samples.Engine with { InsecureRegistries = ["192.168.1.9:5000"], RegistryMirrors = ["http://mirror.home.arpa", "https://safe.home.arpa"] } };
        SettingsOf(host, Ready).ShouldContain("\"insecure-registries\":[\"192.168.1.9:5000\",\"172.17.0.1:5050\",\"mirror.home.arpa\"]");
    }

    [Fact]
    public void The_engine_of_the_host_asks_it_too_as_soon_as_its_address_is_known()
    {
        DaemonOf(Bare).ShouldNotContain("registry-mirrors");
        DaemonOf(Ready).ShouldContain("\"registry-mirrors\": [\n    \"http://172.17.0.1:5050\"\n  ]");
        var known = Ready.With(HostBaseline.Of(Samples.Host, Ready));
        HostPlan.Diff(HostBaseline.Of(Samples.Host, known), known, Samples.Nonce).ShouldBeEmpty();
    }

    [Fact]
    public void What_it_has_is_counted_where_only_the_host_can_ask()
    {
        ((FileContent.Plain)PullThroughMirror.ConfigurationOf(Samples.Host).Content).Value.ShouldContain("debug: { addr: '127.0.0.1:5051' }");
        var use = MirrorUse.Parse("""
            {"registry": {"proxy": {"blobs": {"Requests":5,"Hits":3,"Misses":2,"BytesPulled":2000000,"BytesPushed":102541294}, "manifests": {"Requests":7,"Hits":7,"Misses":0,"BytesPulled":0,"BytesPushed":3696}}}}
            """);
        use.ShouldBe(new MirrorUse(12, 10, 2000000, 102544990));
        $"{use}".ShouldBe("10 of 12 requests answered from the mirror's store since it started; 2 MB pulled, 103 MB given");
        MirrorUse.Parse("").ShouldBeNull();
        MirrorUse.Parse("""{"registry": {}}""").ShouldBeNull();
    }

    [Fact]
    public void There_is_none_where_the_fleet_wants_none() => ExpectNone(Samples.Host with { Engine = Samples.Engine with { PullThrough = null } }, Bare);

    [Theory]
    [InlineData("None")]
    [InlineData("Socket")]
    public void There_is_none_where_no_job_has_an_engine_of_its_own(string mode) =>
        ExpectNone(Samples.Host with { Pools = [Samples.Pool with { Docker = Enum.Parse<DockerMode>(mode) }] }, Bare);

    [Fact]
    public void A_registry_of_somebody_else_is_left_as_it_is() => ExpectNone(Samples.Host, Bare with { Packages = Bare.Packages.Add("docker-registry", "2.8") });

    [Fact]
    public void It_goes_with_the_runners_and_its_mark_last()
    {
        var removed = RemovalPlan.Diff(Samples.Host, Ready, new Dictionary<GitHubScope, System.Collections.Immutable.ImmutableArray<string>>(), null)
            .Single(change => change.Resource == "unit/docker-registry.service");
        var script = removed.Steps.OfType<RunScript>().Single();
        script.Script.IndexOf("purge", StringComparison.Ordinal).ShouldBeLessThan(script.Script.IndexOf("rm -rf", StringComparison.Ordinal));
        script.Arguments.ShouldBe(["docker-registry.service", "docker-registry", "/var/lib/github-runners-mirror", "/etc/systemd/system/docker-registry.service"]);
    }

    private static string DaemonOf(HostFacts facts) =>
        ((FileContent.Plain)HostBaseline.Of(Samples.Host, facts).OfType<HostFile>().Single(file => file.Path == HostPaths.Daemon).Content).Value;

    private static void ExpectNone(Host host, HostFacts facts)
    {
        HostPlan.Diff(HostBaseline.Of(host, facts), facts, Samples.Nonce)
            .ShouldNotContain(change => change.Resource.Contains("registry", StringComparison.Ordinal) || $"{change.To}".Contains("docker-registry", StringComparison.Ordinal));
        SettingsOf(host, facts with { Bridge = "172.17.0.1" }).ShouldNotContain("registry-mirrors");
    }

    private static string SettingsOf(Host host, HostFacts facts) =>
        SupervisorConfiguration.Of(host, facts, WantedSlot.Of(host, Samples.Image), CredentialFile.Of(host)).Replace(" ", "", StringComparison.Ordinal).Replace("\n", "", StringComparison.Ordinal);
}
