using RunnerBuild.Config;

namespace RunnerBuild.Tests.Config;

public sealed class FleetFiles
{
    [Fact]
    public void A_missing_fleet_is_named_beside_those_there_are()
    {
        using var folder = new FleetFolder();
        folder.Write("mine.yml", Fleets.Smallest);

        var error = Should.Throw<ConfigurationException>(() => FleetFile.Read(Path.Combine(folder.Path, "nine.yml")));

        error.What.ShouldContain("nine.yml");
        error.Why.ShouldBe("There is no such file.");
        error.Fix.ShouldContain("mine.yml");
    }

    [Fact]
    public void A_folder_is_no_fleet()
    {
        using var folder = new FleetFolder();

        Should.Throw<ConfigurationException>(() => FleetFile.Read(folder.Path)).Why.ShouldBe("It is a folder.");
    }

    [Fact]
    public void A_file_far_too_large_is_no_fleet()
    {
        using var folder = new FleetFolder();
        var file = folder.Write("large.yml", new string('#', 2_000_000));

        Should.Throw<ConfigurationException>(() => FleetFile.Read(file)).Why.ShouldContain("1048576 bytes");
    }

    [Fact]
    public void Nesting_without_end_is_a_problem_and_no_crash()
    {
        Fleets.ProblemsIn(new string('[', 100_000)).ShouldHaveSingleItem().ShouldContain("nested deeper than 50 levels");
    }

    [Fact]
    public void Merging_without_end_comes_to_an_end()
    {
        var bomb = string.Join('\n', Enumerable.Range(1, 40).Select(n => $"x-{n}: &a{n} {{ <<: [ *a{n - 1}, *a{n - 1} ] }}"));

        Fleets.Read(
            $"x-0: &a0 {{ org: acme }}\n{bomb}\ngithub: {{ <<: *a40, credential: {{ env: T }} }}\nhosts: {{ one: {{ address: a }} }}")
            .Hosts.Single().Pools.Single().Scope.Name.ShouldBe("acme");
    }

    [Fact]
    public void All_problems_come_in_one_error_in_the_order_of_the_file()
    {
        var error = Should.Throw<ConfigurationException>(() => Fleets.Read("""
            github: { org: acme }
            hosts:
              one: { address: a, pools: [ { name: x, count: two } ] }
            """));

        error.What.ShouldEndWith("fleet.yml has 2 problems.");
        var lines = error.Why.Split('\n', StringSplitOptions.TrimEntries);
        lines[0].ShouldEndWith(
            "fleet.yml:1:9: github/credential: is missing; it is needed here: Token or App that may manage self-hosted runners there; never given to a job");
        lines[1].ShouldEndWith("fleet.yml:3:49: hosts/one/pools[0]/count: should be a whole number from 0 to 100, is 'two'");
    }

    [Fact]
    public void Plain_http_is_allowed_on_this_machine_and_in_the_labs_network()
    {
        foreach (var url in new[] { "http://127.0.0.1:18080", "http://localhost:18080", "http://198.18.77.1:18080" })
        {
            Fleets.ProblemsIn($$"""
                github: { org: acme, url: "{{url}}", credential: { env: T } }
                hosts: { one: { address: a } }
                lab: {}
                """).ShouldBeEmpty();
        }
    }

    [Fact]
    public void A_lab_is_known_before_it_has_made_its_keys()
    {
        using var folder = new FleetFolder();
        var file = folder.Write("fleet.yml", File.ReadAllText(Path.Combine(Golden.Fleets, "lab.yml")));

        FleetFile.ReadBeforeLab(file).Lab.ShouldBe(new LabSettings("198.18.77.0/24", 18006, 18080, 15000));
        Should.Throw<ConfigurationException>(() => FleetFile.Read(file)).Why.ShouldContain("id_ed25519.pub");
        FleetFile.ReadBeforeLab(folder.Write("other.yml", Fleets.Smallest)).Lab.ShouldBeNull();
    }

    [Fact]
    public void A_lab_is_not_brought_up_for_a_fleet_with_problems()
    {
        using var folder = new FleetFolder();
        var file = folder.Write("fleet.yml", $"lab: {{}}\nimage: {{ base: 'not one' }}\n{Fleets.Smallest}");

        Should.Throw<ConfigurationException>(() => FleetFile.ReadBeforeLab(file)).Why.ShouldContain("image/base");
    }
}
