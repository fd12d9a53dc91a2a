using System.Collections.Immutable;
using System.Globalization;
using System.Net;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>The Docker Engine of a host, and of the engines that jobs get.</summary>
internal static class EngineSection
{
    private static readonly Key<EngineSource> Source = new(
        "source", "Whose package it is: the distribution's, or Docker's own repository",
        Texts.OneOf(("distribution", EngineSource.Distribution), ("docker", EngineSource.Docker))) { Default = "distribution" };

    private static readonly Key<ImmutableArray<string>> RegistryMirrors = new(
        "registryMirrors", "Mirrors of Docker Hub, tried before it",
        new ListOf<string>(
            Addresses.Server("https://mirror.home.arpa", "https", "http").As((uri, _) => uri.ToString().TrimEnd('/')), 0, 10))
        { Default = "[]" };

    private static readonly Key<string> PullThrough = new(
        "pullThrough", "Registry whose images a host keeps for the engines of its jobs, which start empty; null keeps none",
        Addresses.Server("https://mirror.home.arpa", "https", "http").As((uri, _) => uri.ToString().TrimEnd('/')))
        { Default = "https://registry-1.docker.io", Clearable = true };

    private static readonly Key<ImmutableArray<string>> InsecureRegistries = new(
        "insecureRegistries", "Registries that may be spoken to without TLS, as host:port or a network",
        new ListOf<string>(
            Texts.Like(
                "a host with or without port, or a network, such as 192.168.1.9:5000",
                "^[A-Za-z0-9]([A-Za-z0-9.-]*[A-Za-z0-9])?(:[0-9]{1,5}|/[0-9]{1,2})?$"),
            0, 20)) { Default = "[]" };

    private static readonly Key<ImmutableArray<string>> AddressPools = new(
        "addressPools", "Networks that containers' networks are cut from, as base/prefix,size",
        new ListOf<string>(Texts.Parsed<string>(
            "a network and the prefix length of what is cut from it, such as '10.200.0.0/16,24'",
            (text, out value) => IsPool(value = text)), 0, 20)) { Default = "[]" };

    private static readonly Key<int> Mtu = new(
        "mtu", "Largest packet of containers' networks, in bytes; without, the network card's", Texts.Number(576, 65535))
        { Clearable = true };

    public static Section Section { get; } = new(
        "engine", "The Docker Engine of a host, and of the engines that jobs get",
        Source, RegistryMirrors, PullThrough, InsecureRegistries, AddressPools, Mtu);

    /// <param name="host">Address of the host; null when it is a name or unknown.</param>
    public static EngineSettings Settings(Settings engine, IPAddress? host)
    {
        var pools = engine.Get(AddressPools);
        if (host is not null && pools.FirstOrDefault(pool => Addresses.Contains(BaseOf(pool), host)) is { } shadowing)
            engine.PlaceOf(AddressPools).Say(
                $"should leave out the hosts' own networks: '{shadowing}' has {host}, and containers could not reach it");

        return new EngineSettings(
            engine.Get(Source), engine.Get(RegistryMirrors), engine.Has(PullThrough) ? engine.Get(PullThrough) : null, engine.Get(InsecureRegistries), pools, engine.Maybe(Mtu));
    }

    private static bool IsPool(string text) =>
        text.Split(',') is [var network, var size]
        && Addresses.TryParseInNetwork(network, out var pool)
        && int.TryParse(size, NumberStyles.None, CultureInfo.InvariantCulture, out var length)
        && length >= pool.PrefixLength && length <= 29 && Addresses.IsNetwork(pool);

    private static IPNetworkAddress BaseOf(string pool) =>
        Addresses.TryParseInNetwork(pool.Split(',')[0], out var network) ? network : throw new FormatException(pool);
}
