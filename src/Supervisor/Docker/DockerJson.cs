using System.Text.Json;
using System.Text.Json.Serialization;

namespace Supervisor.Docker;

/// <summary>The parts of Docker Engine's API that this program reads and writes, in the API's own names.</summary>
internal sealed record ContainerSummary(string Id, IReadOnlyList<string> Names, string Image, string State, IReadOnlyDictionary<string, string> Labels);

internal sealed record ContainerInspection(ContainerRunState State);

internal sealed record ContainerRunState(string Status, bool OOMKilled, int ExitCode, string Error, DateTimeOffset StartedAt, DateTimeOffset FinishedAt);

internal sealed record PruneReport(long SpaceReclaimed);

internal sealed record CreatedContainer(string Id);

internal sealed record ErrorBody(string? Message);

internal sealed record CreateContainer
{
    public required string Image { get; init; }
    public required string Hostname { get; init; }
    public required IReadOnlyList<string> Env { get; init; }
    public required IReadOnlyDictionary<string, string> Labels { get; init; }
    public IReadOnlyDictionary<string, EmptyObject>? Volumes { get; init; }
    public required HostConfig HostConfig { get; init; }
}

internal sealed record EmptyObject;

internal sealed record HostConfig
{
    public RestartPolicy RestartPolicy { get; init; } = new("no");
    public long? NanoCpus { get; init; }
    public long? Memory { get; init; }
    public long? MemorySwap { get; init; }
    public long? PidsLimit { get; init; }
    public string CgroupnsMode { get; init; } = "private";
    public required LogConfig LogConfig { get; init; }
    public IReadOnlyList<DeviceRequest>? DeviceRequests { get; init; }
    public IReadOnlyList<string>? CapAdd { get; init; }
    public IReadOnlyList<string>? SecurityOpt { get; init; }
    public IReadOnlyList<string>? Binds { get; init; }
    public IReadOnlyDictionary<string, string>? Tmpfs { get; init; }
    public string? CgroupParent { get; init; }
}

internal sealed record RestartPolicy(string Name);

internal sealed record LogConfig(string Type, IReadOnlyDictionary<string, string> Config);

internal sealed record DeviceRequest(string Driver, int Count, [property: JsonPropertyName("DeviceIDs")] IReadOnlyList<string>? DeviceIds, IReadOnlyList<IReadOnlyList<string>> Capabilities);

[JsonSourceGenerationOptions(DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(IReadOnlyList<ContainerSummary>))]
[JsonSerializable(typeof(ContainerInspection))]
[JsonSerializable(typeof(CreatedContainer))]
[JsonSerializable(typeof(CreateContainer))]
[JsonSerializable(typeof(PruneReport))]
[JsonSerializable(typeof(Dictionary<string, string[]>))]
internal sealed partial class DockerJson : JsonSerializerContext;

[JsonSourceGenerationOptions(JsonSerializerDefaults.Web)]
[JsonSerializable(typeof(ErrorBody))]
internal sealed partial class DockerErrorJson : JsonSerializerContext;
