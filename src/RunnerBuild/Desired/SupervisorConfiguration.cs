using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerBuild.Config;
using RunnerBuild.Facts;

namespace RunnerBuild.Desired;

/// <summary>Contents of supervisor.json, version 1. It holds no secret.</summary>
internal static class SupervisorConfiguration
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string Of(Host host, HostFacts facts, ImmutableArray<WantedSlot> slots, ImmutableArray<CredentialFile> credentials) =>
        new JsonObject
        {
            ["version"] = 1,
            ["host"] = host.Name,
            ["metrics"] = host.Metrics,
            ["care"] = CareOf(host.Care),
            ["pools"] = new JsonArray([.. host.Pools.Where(pool => pool.Count > 0).Select(pool => PoolOf(pool, host, facts, [.. slots.Where(slot => slot.Pool == pool)], credentials))]),
        }.ToJsonString(Indented) + "\n";

    /// <summary>What the supervisor reports once it runs with this text.</summary>
    public static string Fingerprint(string configuration) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(configuration)));

    private static JsonNode PoolOf(Pool pool, Host host, HostFacts facts, ImmutableArray<WantedSlot> slots, ImmutableArray<CredentialFile> credentials) =>
        WithExtras(pool, host, new JsonObject
        {
            ["name"] = pool.Name,
            ["api"] = pool.Scope.Api,
            ["scope"] = pool.Scope.Path,
            ["credential"] = credentials.Single(file => file.Credential == pool.Scope.Credential).Name,
            ["group"] = pool.Group,
            ["labels"] = Array(pool.Labels),
            ["image"] = slots[0].Image,
            ["docker"] = pool.Docker.ToString().ToLowerInvariant(),
            ["cpus"] = pool.Cpus,
            ["memoryBytes"] = Bytes(pool.MemoryMiB),
            ["reservedMemoryBytes"] = Bytes(pool.ReserveMemoryMiB),
            ["reservedCpus"] = pool.ReserveCpus,
            ["pids"] = pool.Pids,
            ["gpus"] = pool.Gpus,
            ["environment"] = new JsonObject(pool.Environment.Select(pair => KeyValuePair.Create(pair.Key, (JsonNode?)pair.Value))),
            ["dockerd"] = pool.Docker == DockerMode.Dind ? EngineConfiguration.ForJobs(host.Engine, facts.Mtu, PullThroughMirror.AddressFor(host, facts)) : null,
            ["files"] = new JsonArray([.. JobFiles.InContainer(pool).Select(file =>
                new JsonObject { ["path"] = file.Path, ["from"] = file.From, ["mode"] = file.Mode })]),
            ["slots"] = Array(slots.Select(slot => slot.Name)),
        });

    private static JsonObject WithExtras(Pool pool, Host host, JsonObject settings)
    {
        if (pool.RefreshDoor)
            settings["refreshDoor"] = true;
        if (host.ActionArchives)
            settings["actionArchives"] = HostPaths.ActionArchives;
        return settings;
    }

    private static JsonObject CareOf(HostCare care) => new()
    {
        ["diskWarnPercent"] = care.DiskWarn,
        ["diskParkPercent"] = care.DiskPark,
        ["memoryBytes"] = Bytes(care.MemoryMiB),
        ["cpus"] = care.Cpus,
        ["notify"] = care.Notify,
    };

    private static JsonNode? Bytes(int? mebibytes) => mebibytes is { } amount ? (long)amount << 20 : null;

    private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);
}
