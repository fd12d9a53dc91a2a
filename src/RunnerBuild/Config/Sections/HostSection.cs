using System.Collections.Immutable;
using System.Net;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>A machine that runners live on.</summary>
internal static class HostSection
{
    public static readonly Key<string> Address = new(
        "address", "Host name or IP address to reach it at; without, the one in vm/ip", Addresses.Host);
    private static readonly Key<Settings> Ssh = new(
        "ssh", "How to log in, where it differs from the defaults", SshSection.Section) { Default = "{}" };
    public static readonly Key<Settings> Vm = new("vm", "The VM to make; a host without one exists already", VmSection.Section);
    private static readonly Key<Settings> Engine = new(
        "engine", "Its Docker Engine, where it differs from the defaults", EngineSection.Section) { Default = "{}" };
    private static readonly Key<Settings> Care = new(
        "care", "What it can bear, where it differs from the defaults", CareSection.Section) { Default = "{}" };
    private static readonly Key<string> Metrics = new(
        "metrics", "Where Prometheus may ask on the host itself, such as 127.0.0.1:9252; without, nowhere", Addresses.Loopback) { Clearable = true };
    private static readonly Key<bool> ActionArchives = new(
        "actionArchives", "Whether its jobs find archives of the actions that the fleet's repositories use; Nightly fetches them, with Contents: read", Texts.Switch) { Default = "false" };
    private static readonly Key<ImmutableArray<Settings>> Pools = new(
        "pools", "Its runners; without, one pool named default", new ListOf<Settings>(PoolSection.Section, 1, 50));

    public static Section Section { get; } = new("host", "A machine that runners live on", Address, Ssh, Vm, Engine, Care, Metrics, ActionArchives, Pools);

    public static Host Host(string name, Settings host, Settings? defaults, Settings? gitHub)
    {
        var vm = host.Has(Vm) ? host.Get(Vm).Over(defaults?.Find(DefaultsSection.Vm)) : null;
        var address = AddressOf(host, vm);
        return new Host(
            name,
            SshSection.Access(host.Get(Ssh).Over(defaults?.Find(DefaultsSection.Ssh)), address ?? ""),
            vm is null ? null : VmSection.Spec(vm),
            EngineSection.Settings(
                host.Get(Engine).Over(defaults?.Find(DefaultsSection.Engine)), IPAddress.TryParse(address, out var ip) ? ip : null),
            CareSection.Care(host.Get(Care).Over(defaults?.Find(DefaultsSection.Care))),
            PoolsOf(host, vm, defaults?.Find(DefaultsSection.Pool), gitHub),
            host.Get(Metrics))
        {
            ActionArchives = host.Get(ActionArchives),
        };
    }

    private static string? AddressOf(Settings host, Settings? vm)
    {
        if (host.Said.Contains(Address))
            return host.Get(Address);
        if (vm is null && !host.Said.Contains(Vm))
            host.At.Say("should have an address, or a vm that is to be made");
        else if (vm is not null && !vm.Said.Contains(VmSection.Ip))
            host.At.Say("should have an address, or a vm with an ip: the address that DHCP gives is not known here");
        return vm?.Get(VmSection.Ip)?.Address.ToString();
    }

    private static ImmutableArray<Pool> PoolsOf(Settings host, Settings? vm, Settings? defaults, Settings? gitHub)
    {
        if (!host.Said.Contains(Pools))
            return [PoolSection.Pool(new Settings(host.At).Over(defaults), gitHub, vm)];
        if (!host.Has(Pools))
            return [];

        var pools = host.Get(Pools);
        var named = pools.Where(pool => pool.Has(PoolSection.Name));
        foreach (var twice in named.GroupBy(pool => pool.Get(PoolSection.Name)).SelectMany(same => same.Skip(1)))
            twice.PlaceOf(PoolSection.Name).Say(
                $"should be a name that no other pool of this host has, is '{twice.Get(PoolSection.Name)}' again");
        return [.. pools.Select(pool => PoolSection.Pool(pool.Over(defaults), gitHub, vm))];
    }
}
