using System.Text.Json;
using RunnerBuild.Desired;

namespace RunnerBuild.Tests.Hosts;

public class Engine_configuration
{
    [Fact]
    public void Running_jobs_live_through_a_restart_of_the_engine() =>
        EngineConfiguration.ForHost(Samples.Engine, 1500).ShouldContain("\"live-restore\": true");

    [Fact]
    public void Settings_of_others_stay_and_those_managed_here_are_ours()
    {
        const string Theirs = """{ "data-root": "/srv/docker", "log-driver": "journald", "mtu": 900, "registry-mirrors": ["http://old"] }""";
        var whole = EngineConfiguration.ForHost(Samples.Engine, 1500, Theirs);

        using var json = JsonDocument.Parse(whole);
        json.RootElement.GetProperty("data-root").GetString().ShouldBe("/srv/docker");
        json.RootElement.GetProperty("log-driver").GetString().ShouldBe("json-file");
        json.RootElement.TryGetProperty("mtu", out _).ShouldBeFalse();
        json.RootElement.TryGetProperty("registry-mirrors", out _).ShouldBeFalse();
        EngineConfiguration.Note(Theirs, Samples.Engine, 1500).ShouldBe("keeps data-root; replaces log-driver, mtu, registry-mirrors");
        EngineConfiguration.Note(whole, Samples.Engine, 1500).ShouldBe("keeps data-root");
        EngineConfiguration.Note(null, Samples.Engine, 1500).ShouldBeNull();
        EngineConfiguration.ForHost(Samples.Engine, 1500, whole).ShouldBe(whole);
    }

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("{ not json")]
    public void A_file_that_says_nothing_is_written_whole(string? there) =>
        EngineConfiguration.ForHost(Samples.Engine, 1500, there).ShouldBe(EngineConfiguration.ForHost(Samples.Engine, 1500));

    [Theory]
    [InlineData(1500, null, null)]
    [InlineData(1450, null, "1450")]
    [InlineData(1500, 1400, "1400")]
    public void A_smaller_card_sets_the_networks_of_jobs(int card, int? configured, string? expected) =>
        EngineConfiguration.ForJobs(Samples.Engine with { Mtu = configured }, card)["mtu"]?.ToString().ShouldBe(expected);

    [Fact]
    public void Registries_and_address_pools_reach_the_jobs_engine() =>
        EngineConfiguration.ForJobs(Samples.Engine with { RegistryMirrors = ["http://m"], InsecureRegistries = ["r:5000"], AddressPools = ["10.200.0.0/16,24"] }, 1500)
            .ToJsonString().ShouldBe("""{"registry-mirrors":["http://m"],"insecure-registries":["r:5000","m"],"default-address-pools":[{"base":"10.200.0.0/16","size":24}]}""");
}
