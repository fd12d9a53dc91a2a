using Integration.Running;

namespace Integration;

/// <summary>What cannot be right is refused by the real program before anything is touched: exit code 2, and where to look.</summary>
public sealed class BadUsage : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("runnerbuild-usage-").FullName;

    [Theory]
    [InlineData("github:\n  org: acme\n ref: x\n", ":3:2")]
    [InlineData("github:\n  organisation: acme\n", ":2:3")]
    [InlineData("github:\n  org: acme\n  credential: { env: T }\nhosts:\n  a:\n    address: 198.18.88.9\n    pools: [ { name: p, count: many } ]\n", ":7:")]
    public async Task A_fleet_with_a_mistake_is_refused_with_its_place(string fleet, string place)
    {
        var file = Path.Combine(_folder, "fleet.yml");
        await File.WriteAllTextAsync(file, fleet, TestContext.Current.CancellationToken);

        var ended = await BuildAsync("CreateVm", "--fleet", file);

        ended.ExitCode.ShouldBe(2, ended.Output);
        ended.Output.ShouldContain($"fleet.yml{place}");
        ended.Output.ShouldContain("fix:");
    }

    [Fact]
    public async Task A_host_that_the_fleet_does_not_have_is_refused_by_name()
    {
        var file = Path.Combine(_folder, "fleet.yml");
        await File.WriteAllTextAsync(file, "github:\n  org: acme\n  credential: { env: T }\nhosts:\n  a:\n    address: 198.18.88.9\n", TestContext.Current.CancellationToken);

        var ended = await BuildAsync("CreateVm", "--fleet", file, "--limit", "b");

        ended.ExitCode.ShouldBe(2, ended.Output);
        ended.Output.ShouldContain("--limit names b");
        ended.Output.ShouldContain("The fleet has a");
    }

    [Fact]
    public async Task A_host_key_is_not_accepted_for_several_hosts_at_once()
    {
        var file = Path.Combine(_folder, "fleet.yml");
        await File.WriteAllTextAsync(
            file,
            """
            github:
              org: acme
              credential: { env: T }
            defaults:
              ssh: { key: id_ed25519 }
            hosts:
              a: { address: 198.18.88.9 }
              b: { address: 198.18.88.10 }
            """,
            TestContext.Current.CancellationToken);

        var ended = await BuildAsync("CreateVm", "--fleet", file, "--accept-host-key", "SHA256:AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA");

        ended.ExitCode.ShouldBe(2, ended.Output);
        ended.Output.ShouldContain("--accept-host-key is for one host");
        ended.Output.ShouldContain("--limit HOST");
    }

    [Fact]
    public async Task An_option_that_there_is_not_is_refused_by_name()
    {
        var ended = await BuildAsync("CreateVm", "--fleat", "x");

        ended.ExitCode.ShouldBe(2, ended.Output);
        ended.Output.ShouldContain("fleat");
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    private static async Task<Ended> BuildAsync(params string[] arguments)
    {
        File.Exists(Repository.Build).ShouldBeTrue($"{Repository.Build} is not built: run ./build.sh once");
        return await LocalProgram.DotNetAsync(Repository.Build, arguments);
    }
}
