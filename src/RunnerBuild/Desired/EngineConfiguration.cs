using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>Contents of daemon.json: for the host's engine, and for the engine that a job gets inside its container.</summary>
internal static class EngineConfiguration
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    private static readonly string[] Managed =
        ["registry-mirrors", "insecure-registries", "default-address-pools", "mtu", "live-restore", "log-driver", "log-opts"];

    /// <summary>Live-restore keeps running jobs alive while the engine restarts. Settings that are not managed here, such as `data-root`, stay.</summary>
    /// <param name="there">The file as it is; null: there is none.</param>
    /// <param name="mirror">The host's own, asked before all others; null: it has none, or its address is not known yet.</param>
    public static string ForHost(EngineSettings settings, int cardMtu, string? there = null, string? mirror = null)
    {
        var ours = Common(WithMirror(settings, mirror), cardMtu);
        ours["live-restore"] = true;
        ours["log-driver"] = "json-file";
        ours["log-opts"] = new JsonObject { ["max-size"] = "10m", ["max-file"] = "3" };
        var whole = new JsonObject(Others(there).Concat(ours).Select(pair => KeyValuePair.Create(pair.Key, pair.Value?.DeepClone())));
        return whole.ToJsonString(Indented) + "\n";
    }

    /// <summary>Which settings stay as somebody else made them, and which do not; null when there are none of either kind.</summary>
    public static string? Note(string? there, EngineSettings settings, int cardMtu, string? mirror = null)
    {
        var ours = Settings(ForHost(settings, cardMtu, there, mirror));
        var kept = Others(there).Select(pair => pair.Key).ToList();
        var replaced = Settings(there).Where(pair => Managed.Contains(pair.Key) && !JsonNode.DeepEquals(pair.Value, ours[pair.Key])).Select(pair => pair.Key).ToList();
        string[] parts = [.. Part("keeps", kept), .. Part("replaces", replaced)];
        return parts.Length == 0 ? null : string.Join("; ", parts);
    }

    private static IEnumerable<string> Part(string verb, List<string> names) => names.Count == 0 ? [] : [$"{verb} {string.Join(", ", names)}"];

    private static IEnumerable<KeyValuePair<string, JsonNode?>> Others(string? there) => Settings(there).Where(pair => !Managed.Contains(pair.Key));

    // What is no JSON keeps dockerd from starting; of such a file nothing stays but the copy beside it.
    private static JsonObject Settings(string? there)
    {
        try
        {
            return JsonNode.Parse(there ?? "{}") as JsonObject ?? new JsonObject();
        }
        catch (Exception fault) when (fault is JsonException or ArgumentException)
        {
            return new JsonObject();
        }
    }

    /// <param name="mirror">The host's own mirror, asked before all others; null: it has none.</param>
    public static JsonObject ForJobs(EngineSettings settings, int cardMtu, string? mirror = null) =>
        Common(WithMirror(settings, mirror), cardMtu);

    private static EngineSettings WithMirror(EngineSettings settings, string? mirror) =>
        mirror is null ? settings : settings with { RegistryMirrors = [mirror, .. settings.RegistryMirrors] };

    private static JsonObject Common(EngineSettings settings, int cardMtu)
    {
        var json = new JsonObject();
        if (!settings.RegistryMirrors.IsEmpty)
            json["registry-mirrors"] = Array(settings.RegistryMirrors);
        if (Insecure(settings).ToList() is { Count: > 0 } insecure)
            json["insecure-registries"] = Array(insecure);
        if (!settings.AddressPools.IsEmpty)
            json["default-address-pools"] = new JsonArray([.. settings.AddressPools.Select(Pool)]);
        // Docker assumes 1500; a smaller card would drop what jobs send.
        if ((settings.Mtu ?? cardMtu) is not 1500 and var mtu)
            json["mtu"] = mtu;
        return json;
    }

    // For `docker pull` the address of a mirror says that it has no TLS; BuildKit asks it with TLS all the same, unless it is among these.
    private static IEnumerable<string> Insecure(EngineSettings settings) => settings.InsecureRegistries
        .Concat(settings.RegistryMirrors.Select(mirror => new Uri(mirror)).Where(mirror => mirror.Scheme == "http").Select(mirror => mirror.Authority)).Distinct();

    private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private static JsonNode Pool(string pool) =>
        pool.Split(',') is [var network, var size]
            ? new JsonObject { ["base"] = network, ["size"] = int.Parse(size, System.Globalization.CultureInfo.InvariantCulture) }
            : throw new FormatException($"An address pool is written as `10.200.0.0/16,24`, not `{pool}`.");
}
