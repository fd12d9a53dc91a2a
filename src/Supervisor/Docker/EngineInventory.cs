using System.Diagnostics;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;

namespace Supervisor.Docker;

/// <summary>Images, volumes, networks and build cache of Docker Engine. What is gone already counts as removed; what is in use is not (false).</summary>
internal sealed class EngineInventory(DockerConnection connection)
{
    private static readonly TimeSpan quick = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan slow = TimeSpan.FromSeconds(120);

    public Task<EngineInfo> InfoAsync(CancellationToken cancel) => GetAsync("/info", InventoryJson.Default.EngineInfo, cancel);

    /// <summary>All images, those of build steps too.</summary>
    public Task<IReadOnlyList<ImageSummary>> ImagesAsync(CancellationToken cancel) => GetAsync("/images/json?all=1", InventoryJson.Default.IReadOnlyListImageSummary, cancel);

    public Task<IReadOnlyList<NetworkSummary>> NetworksAsync(string label, CancellationToken cancel) =>
        GetAsync($"/networks?filters={Labelled(label)}", InventoryJson.Default.IReadOnlyListNetworkSummary, cancel);

    /// <summary>Networks as the engine tells them, with all that it says.</summary>
    /// <param name="filters">In the engine's own form; null for none.</param>
    public async Task<IReadOnlyList<JsonObject>> NetworkNodesAsync(string? filters, CancellationToken cancel)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Get, string.IsNullOrEmpty(filters) ? "/networks" : $"/networks?filters={Uri.EscapeDataString(filters)}", null, quick, [], cancel);
        return [.. (await EngineAnswer.ReadAsync(response, bytes => JsonNode.Parse(bytes) as JsonArray ?? [], quick, cancel)).OfType<JsonObject>()];
    }

    public async Task<IReadOnlyList<VolumeSummary>> VolumesAsync(string label, CancellationToken cancel) =>
        (await GetAsync($"/volumes?filters={Labelled(label)}", InventoryJson.Default.VolumeList, cancel)).Volumes ?? [];

    /// <summary>How long others may keep the engine from reckoning up its build cache.</summary>
    public TimeSpan Patience { get; init; } = slow;

    /// <remarks>Engines before 23.0 reckon up everything for this, and let only one at a time ask.</remarks>
    public async Task<IReadOnlyList<BuildCacheRecord>> BuildCacheAsync(CancellationToken cancel)
    {
        var begun = Stopwatch.GetTimestamp();
        while (true)
        {
            try
            {
                return (await GetAsync("/system/df?type=build-cache", InventoryJson.Default.DiskUsage, cancel, slow)).BuildCache ?? [];
            }
            catch (DockerFault fault) when (fault.Message.Contains("already running", StringComparison.Ordinal) && Stopwatch.GetElapsedTime(begun) < Patience)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200), cancel);
            }
        }
    }

    /// <returns>Where the volume is on this host.</returns>
    public async Task<string> CreateVolumeAsync(string name, string label, string value, CancellationToken cancel)
    {
        var body = JsonSerializer.SerializeToUtf8Bytes(new NewVolume(name, new Dictionary<string, string> { [label] = value }), InventoryJson.Default.NewVolume);
        using var content = new ByteArrayContent(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
        using var response = await connection.SendAsync(HttpMethod.Post, "/volumes/create", content, slow, [], cancel);
        return (await EngineAnswer.ReadAsync(response, InventoryJson.Default.VolumeSummary, quick, cancel)).Mountpoint;
    }

    public Task<bool> RemoveVolumeAsync(string name, CancellationToken cancel) => DeleteAsync($"/volumes/{Uri.EscapeDataString(name)}", cancel);

    public Task<bool> RemoveNetworkAsync(string id, CancellationToken cancel) => DeleteAsync($"/networks/{id}", cancel);

    public Task<bool> RemoveImageAsync(string reference, CancellationToken cancel) => DeleteAsync($"/images/{Uri.EscapeDataString(reference)}", cancel);

    public async Task<bool> TagAsync(string image, string tag, CancellationToken cancel)
    {
        var colon = tag.LastIndexOf(':');
        using var response = await connection.SendAsync(
            HttpMethod.Post, $"/images/{image}/tag?repo={Uri.EscapeDataString(tag[..colon])}&tag={Uri.EscapeDataString(tag[(colon + 1)..])}",
            null, quick, [HttpStatusCode.NotFound], cancel);
        return response.IsSuccessStatusCode;
    }

    public async Task RemoveBuildCacheAsync(string id, CancellationToken cancel)
    {
        var filters = JsonSerializer.Serialize(new() { ["id"] = [id] }, DockerJson.Default.DictionaryStringStringArray);
        using var response = await connection.SendAsync(HttpMethod.Post, $"/build/prune?all=1&filters={Uri.EscapeDataString(filters)}", null, slow, [], cancel);
    }

    /// <returns>Null when there is no such image.</returns>
    public async Task<ImageSummary?> FindImageAsync(string reference, CancellationToken cancel)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Get, $"/images/{Uri.EscapeDataString(reference)}/json", null, quick, [HttpStatusCode.NotFound], cancel);
        return response.IsSuccessStatusCode ? await EngineAnswer.ReadAsync(response, InventoryJson.Default.ImageSummary, quick, cancel) : null;
    }

    /// <summary>Names of the volumes that a container has without anyone having named them.</summary>
    public async Task<IReadOnlyList<string>> AnonymousVolumesAsync(string container, CancellationToken cancel)
    {
        using var response = await connection.SendAsync(HttpMethod.Get, $"/containers/{container}/json", null, quick, [HttpStatusCode.NotFound], cancel);
        if (!response.IsSuccessStatusCode)
            return [];
        var mounts = (await EngineAnswer.ReadAsync(response, InventoryJson.Default.ContainerMounts, quick, cancel)).Mounts ?? [];
        return [.. mounts.Where(mount => mount is { Type: "volume", Name.Length: 64 }).Select(mount => mount.Name!)];
    }

    private static string Labelled(string label) =>
        Uri.EscapeDataString(JsonSerializer.Serialize(new() { ["label"] = [label] }, DockerJson.Default.DictionaryStringStringArray));

    private async Task<T> GetAsync<T>(string path, JsonTypeInfo<T> type, CancellationToken cancel, TimeSpan? deadline = null)
    {
        using var response = await connection.SendAsync(HttpMethod.Get, path, null, deadline ?? quick, [], cancel);
        return await EngineAnswer.ReadAsync(response, type, deadline ?? quick, cancel);
    }

    private async Task<bool> DeleteAsync(string path, CancellationToken cancel)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Delete, path, null, slow, [HttpStatusCode.NotFound, HttpStatusCode.Conflict, HttpStatusCode.Forbidden], cancel);
        return response.IsSuccessStatusCode || response.StatusCode == HttpStatusCode.NotFound;
    }
}

/// <param name="MemTotal">Bytes.</param>
internal sealed record EngineInfo(string? CgroupDriver, string? CgroupVersion, string DockerRootDir, long MemTotal, [property: JsonPropertyName("NCPU")] int Ncpu);

/// <param name="RepoTags">Null or <c>&lt;none&gt;:&lt;none&gt;</c> for an image without a name.</param>
internal sealed record ImageSummary(string Id, IReadOnlyList<string>? RepoTags, IReadOnlyList<string>? RepoDigests)
{
    [JsonIgnore]
    public IEnumerable<string> Tags => (RepoTags ?? []).Where(tag => tag != "<none>:<none>");
}

internal sealed record NetworkSummary(string Id, string Name, IReadOnlyDictionary<string, string>? Labels);

internal sealed record VolumeList(IReadOnlyList<VolumeSummary>? Volumes);

internal sealed record VolumeSummary(string Name, string Mountpoint, IReadOnlyDictionary<string, string>? Labels);

internal sealed record NewVolume(string Name, IReadOnlyDictionary<string, string> Labels);

internal sealed record DiskUsage(IReadOnlyList<BuildCacheRecord>? BuildCache);

internal sealed record BuildCacheRecord([property: JsonPropertyName("ID")] string Id);

internal sealed record ContainerMounts(IReadOnlyList<ContainerMount>? Mounts);

internal sealed record ContainerMount(string Type, string? Name);

[JsonSerializable(typeof(EngineInfo))]
[JsonSerializable(typeof(IReadOnlyList<ImageSummary>))]
[JsonSerializable(typeof(IReadOnlyList<NetworkSummary>))]
[JsonSerializable(typeof(VolumeList))]
[JsonSerializable(typeof(NewVolume))]
[JsonSerializable(typeof(DiskUsage))]
[JsonSerializable(typeof(ContainerMounts))]
internal sealed partial class InventoryJson : JsonSerializerContext;
