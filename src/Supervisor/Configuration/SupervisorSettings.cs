using System.Text.Json;
using System.Text.Json.Serialization;
using Supervisor.Care;

namespace Supervisor.Configuration;

/// <summary>What <c>supervisor.json</c> says: the host's name and its pools of slots. It holds no secret.</summary>
/// <remarks>The generated reader sets every init property, absent ones to null: a default has to be in the getter.</remarks>
internal sealed record SupervisorSettings
{
    public const int CurrentVersion = 1;

    public required int Version { get; init; }
    public required string Host { get; init; }
    public CareSettings Care { get => field ?? new(); init; }
    /// <summary>Loopback address and port where Prometheus may ask, such as <c>127.0.0.1:9252</c>; null for nowhere.</summary>
    public string? Metrics { get; init; }
    public required IReadOnlyList<PoolSettings> Pools { get; init; }
}

/// <summary>Slots that are alike: one GitHub scope, one image, one set of labels and limits.</summary>
internal sealed record PoolSettings
{
    public required string Name { get; init; }

    /// <summary>Base of GitHub's REST API, <c>https://api.github.com</c> or <c>https://HOST/api/v3</c>.</summary>
    public required string Api { get; init; }

    /// <summary><c>orgs/NAME</c>, <c>repos/OWNER/NAME</c> or <c>enterprises/NAME</c>.</summary>
    public required string Scope { get; init; }

    /// <summary>Name of a file in systemd's credentials directory.</summary>
    public required string Credential { get; init; }

    /// <summary>Name of the runner group; null for the scope's default.</summary>
    public string? Group { get; init; }
    public required IReadOnlyList<string> Labels { get; init; }
    public required string Image { get; init; }

    /// <summary><c>dind</c> (an engine of its own for each job), <c>socket</c> (this host's) or <c>none</c>.</summary>
    public required string Docker { get; init; }
    public double? Cpus { get; init; }
    public long? MemoryBytes { get; init; }
    public int? Pids { get; init; }

    /// <summary>What each runner of the pool is counted for in the host's budget; it limits nothing.</summary>
    public long? ReservedMemoryBytes { get; init; }
    public double? ReservedCpus { get; init; }

    /// <summary><c>all</c>, a number of GPUs, or <c>device=</c> and ids separated by commas; null for none.</summary>
    public string? Gpus { get; init; }
    public IReadOnlyDictionary<string, string> Environment { get => field ?? new Dictionary<string, string>(); init; }

    /// <summary>The <c>daemon.json</c> of the job's own engine; only with <c>dind</c>.</summary>
    public JsonElement? Dockerd { get; init; }
    public IReadOnlyList<FileSettings> Files { get => field ?? []; init; }
    public required IReadOnlyList<string> Slots { get; init; }

    /// <summary>Folder of this host with archives of actions, which jobs read before they download; null for none. Not written where there is none, as the door.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public string? ActionArchives { get; init; }

    /// <summary>Its jobs may ask for a refresh of the fleet's image. Not written where it is not so, or every container would be another's for its sake.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)]
    public bool? RefreshDoor { get; init; }
}

/// <summary>A file of the host that each job's container gets a copy of.</summary>
internal sealed record FileSettings
{
    public required string Path { get; init; }
    public required string From { get; init; }

    /// <summary>Octal, such as <c>0644</c>.</summary>
    public string Mode { get => field ?? "0644"; init; }
}
