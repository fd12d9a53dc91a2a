using System.Text.Json;
using System.Text.Json.Nodes;
using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>Contents of daemon.json: for the host's engine, and for the engine that a job gets inside its container.</summary>
internal static class EngineConfiguration
{
    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true };

    /// <summary>Live-restore keeps running jobs alive while the engine restarts.</summary>
    public static string ForHost(EngineSettings settings, int cardMtu)
    {
        var json = Common(settings, cardMtu);
        json["live-restore"] = true;
        json["log-driver"] = "json-file";
        json["log-opts"] = new JsonObject { ["max-size"] = "10m", ["max-file"] = "3" };
        return json.ToJsonString(Indented) + "\n";
    }

    public static JsonObject ForJobs(EngineSettings settings, int cardMtu) => Common(settings, cardMtu);

    private static JsonObject Common(EngineSettings settings, int cardMtu)
    {
        var json = new JsonObject();
        if (!settings.RegistryMirrors.IsEmpty)
            json["registry-mirrors"] = Array(settings.RegistryMirrors);
        if (!settings.InsecureRegistries.IsEmpty)
            json["insecure-registries"] = Array(settings.InsecureRegistries);
        if (!settings.AddressPools.IsEmpty)
            json["default-address-pools"] = new JsonArray([.. settings.AddressPools.Select(Pool)]);
        // Docker assumes 1500; a smaller card would drop what jobs send.
        if ((settings.Mtu ?? cardMtu) is not 1500 and var mtu)
            json["mtu"] = mtu;
        return json;
    }

    private static JsonArray Array(IEnumerable<string> values) => new([.. values.Select(value => JsonValue.Create(value))]);

    private static JsonNode Pool(string pool) =>
        pool.Split(',') is [var network, var size]
            ? new JsonObject { ["base"] = network, ["size"] = int.Parse(size, System.Globalization.CultureInfo.InvariantCulture) }
            : throw new FormatException($"An address pool is written as `10.200.0.0/16,24`, not `{pool}`.");
}
