using RunnerBuild.Desired;

namespace RunnerBuild.Tests.Hosts;

public class Engine_configuration
{
    [Fact]
    public void Running_jobs_live_through_a_restart_of_the_engine() =>
        EngineConfiguration.ForHost(Samples.Engine, 1500).ShouldContain("\"live-restore\": true");

    [Theory]
    [InlineData(1500, null, null)]
    [InlineData(1450, null, "1450")]
    [InlineData(1500, 1400, "1400")]
    public void A_smaller_card_sets_the_networks_of_jobs(int card, int? configured, string? expected) =>
        EngineConfiguration.ForJobs(Samples.Engine with { Mtu = configured }, card)["mtu"]?.ToString().ShouldBe(expected);

    [Fact]
    public void Registries_and_address_pools_reach_the_jobs_engine() =>
        EngineConfiguration.ForJobs(Samples.Engine with { RegistryMirrors = ["http://m"], InsecureRegistries = ["r:5000"], AddressPools = ["10.200.0.0/16,24"] }, 1500)
            .ToJsonString().ShouldBe("""{"registry-mirrors":["http://m"],"insecure-registries":["r:5000"],"default-address-pools":[{"base":"10.200.0.0/16","size":24}]}""");
}
