using NJsonSchema;
using RunnerBuild.Config;
using YamlDotNet.Serialization;

namespace RunnerBuild.Tests.Config;

/// <summary>The schema and the fleets that come with the project.</summary>
public sealed class ProjectFleets
{
    private static readonly string SchemaFile = Path.Combine(Golden.Fleets, "fleet.schema.json");
    private static readonly string Example = Path.Combine(Golden.Fleets, "homelab.example.yml");
    private static readonly string Lab = Path.Combine(Golden.Fleets, "lab.yml");

    [Fact]
    public void The_schema_is_what_the_reader_goes_by() => Golden.Check(SchemaFile, FleetSchema.ToJson());

    [Fact]
    public async Task Editors_find_nothing_wrong_with_the_projects_fleets()
    {
        foreach (var file in new[] { Lab, Example })
            (await ComplaintsAsync(File.ReadAllText(file))).ShouldBeEmpty(file);
    }

    [Theory]
    [InlineData("count: two")]
    [InlineData("count: 101")]
    [InlineData("docker: rootless")]
    [InlineData("memory: 4096")]
    [InlineData("reserveMemory: 1")]
    [InlineData("labels: []")]
    [InlineData("lables: [a]")]
    [InlineData("github: { org: acme/widgets }")]
    [InlineData("github: { credential: { env: A, file: b } }")]
    [InlineData("github: { credential: ghp_abc }")]
    public async Task Editors_see_what_the_reader_refuses(string key)
    {
        var yaml = $"hosts: {{ one: {{ address: a, pools: [ {{ name: x, {key} }} ] }} }}\ngithub: {{ org: acme, credential: {{ env: T }} }}";

        (await ComplaintsAsync(yaml)).ShouldNotBeEmpty();
        Fleets.ProblemsIn(yaml).ShouldNotBeEmpty();
    }

    [Fact]
    public void The_example_is_a_fleet_of_three_hosts_an_organization_and_two_repositories()
    {
        var fleet = FleetFile.Read(Example);

        fleet.Hosts.Select(host =>
            (host.Name, host.Vm?.Node)).ShouldBe([("gh-runner-01", "pve1"), ("gh-runner-02", "pve2"), ("gpu-box", null)]);
        fleet.Hosts.SelectMany(host => host.Pools).Select(pool => pool.Scope.Path).Distinct()
            .ShouldBe(["orgs/acme", "repos/ada/gadgets", "repos/ada/dotfiles"]);
    }

    [Fact]
    public async Task The_example_shows_every_key()
    {
        var example = File.ReadAllText(Example);

        KeysOf(await JsonSchema.FromFileAsync(SchemaFile, TestContext.Current.CancellationToken))
            .Except(["lab", "subnet", "ports", "registry"])
            .Where(key => !System.Text.RegularExpressions.Regex.IsMatch(example, $@"\b{key}:")).ShouldBeEmpty();
    }

    [Fact]
    public void The_labs_fleet_is_one_host_with_two_runners()
    {
        using var folder = new FleetFolder();
        var fleets = Directory.CreateDirectory(Path.Combine(folder.Path, "build/fleets"));
        var state = Directory.CreateDirectory(Path.Combine(folder.Path, ".nuke/temp/lab"));
        File.WriteAllText(Path.Combine(state.FullName, "id_ed25519.pub"),
            "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl lab\n");
        File.Copy(Lab, Path.Combine(fleets.FullName, "lab.yml"));

        var fleet = FleetFile.Read(Path.Combine(fleets.FullName, "lab.yml"));

        var host = fleet.Hosts.ShouldHaveSingleItem();
        (host.Name, host.Ssh.Address, host.Ssh.Key, host.Vm!.VmId)
            .ShouldBe(("gh-runner-01", "198.18.77.11", Path.Combine(state.FullName, "id_ed25519"), 250));
        host.Pools.ShouldHaveSingleItem().Scope.Api.ShouldBe("http://198.18.77.1:18080/api/v3");
        (host.Pools[0].Count, fleet.KnownHosts).ShouldBe((2, Path.Combine(state.FullName, "known_hosts")));
        fleet.Proxmox!.FingerprintFile.ShouldBe(Path.Combine(state.FullName, "proxmox.fingerprint"));
        fleet.Canary!.Scope.Path.ShouldBe("repos/acme/widgets");
    }

    private static async Task<IEnumerable<string>> ComplaintsAsync(string yaml)
    {
        var schema = await JsonSchema.FromFileAsync(SchemaFile, TestContext.Current.CancellationToken);
        var json = new SerializerBuilder().JsonCompatible().Build().Serialize(
            new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build().Deserialize(yaml)!);
        return schema.Validate(json).Select(error => $"{error.Path}: {error.Kind}");
    }

    private static HashSet<string> KeysOf(JsonSchema schema) =>
        [.. schema.Definitions.Values.Append(schema).SelectMany(part => part.Properties.Keys)];
}
