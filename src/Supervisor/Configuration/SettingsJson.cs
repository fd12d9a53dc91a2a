using System.Text.Json.Serialization;

namespace Supervisor.Configuration;

/// <summary>Reads <c>supervisor.json</c> strictly: a key that this version does not know is an error, not silence.</summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase,
    UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
    RespectNullableAnnotations = true)]
[JsonSerializable(typeof(SupervisorSettings))]
[JsonSerializable(typeof(PoolSettings))]
internal sealed partial class SettingsJson : JsonSerializerContext;
