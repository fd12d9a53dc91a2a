using System.Formats.Tar;
using System.Globalization;
using System.Net;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Supervisor.Docker;

/// <summary>The calls to Docker Engine that runner containers need. Absence is an answer (null, false), not a fault.</summary>
internal sealed class DockerEngine(DockerConnection connection)
{
    private static readonly TimeSpan quick = TimeSpan.FromSeconds(10);
    // Removing a container with a large volume, or starting one on a busy disk, takes its time.
    private static readonly TimeSpan slow = TimeSpan.FromSeconds(120);

    private static readonly TimeSpan look = TimeSpan.FromMilliseconds(200);

    public DockerConnection Connection => connection;

    /// <summary>For a removal that somebody else began.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>All containers, running or not, with <paramref name="label"/> (<c>KEY=VALUE</c>, or <c>KEY</c> alone).</summary>
    public async Task<IReadOnlyList<ContainerSummary>> ListAsync(string label, CancellationToken cancel)
    {
        var filters = JsonSerializer.Serialize(new() { ["label"] = [label] }, DockerJson.Default.DictionaryStringStringArray);
        using var response = await connection.SendAsync(
            HttpMethod.Get, $"/containers/json?all=1&filters={Uri.EscapeDataString(filters)}", null, quick, [], cancel);
        return await ReadAsync(response, DockerJson.Default.IReadOnlyListContainerSummary, cancel);
    }

    public async Task<bool> HasImageAsync(string image, CancellationToken cancel)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Get, $"/images/{Uri.EscapeDataString(image)}/json", null, quick, [HttpStatusCode.NotFound], cancel);
        return response.IsSuccessStatusCode;
    }

    /// <returns>The new container's id.</returns>
    public async Task<string> CreateAsync(string name, CreateContainer body, CancellationToken cancel)
    {
        using var content = Json(JsonSerializer.SerializeToUtf8Bytes(body, DockerJson.Default.CreateContainer));
        using var response = await connection.SendAsync(
            HttpMethod.Post, $"/containers/create?name={Uri.EscapeDataString(name)}", content, slow, [], cancel);
        return (await ReadAsync(response, DockerJson.Default.CreatedContainer, cancel)).Id;
    }

    public async Task<bool> HasPathAsync(string id, string path, CancellationToken cancel)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Head, $"/containers/{id}/archive?path={Uri.EscapeDataString(path)}", null, quick, [HttpStatusCode.NotFound], cancel);
        return response.IsSuccessStatusCode;
    }

    /// <summary>Unpacks a tar archive into a container's directory.</summary>
    public async Task UnpackAsync(string id, string path, byte[] tar, CancellationToken cancel)
    {
        using var content = new ByteArrayContent(tar);
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        using var response = await connection.SendAsync(
            HttpMethod.Put, $"/containers/{id}/archive?path={Uri.EscapeDataString(path)}", content, slow, [], cancel);
    }

    /// <summary>Copies a folder of a container into another folder of it, which may be a volume's.</summary>
    public async Task CopyAsync(string container, string folder, string into, CancellationToken cancel)
    {
        using var packed = await connection.SendAsync(
            HttpMethod.Get, $"/containers/{container}/archive?path={Uri.EscapeDataString(folder)}", null, slow, [], cancel);
        using var content = new StreamContent(await packed.Content.ReadAsStreamAsync(cancel));
        content.Headers.ContentType = new MediaTypeHeaderValue("application/x-tar");
        using var unpacked = await connection.SendAsync(
            HttpMethod.Put, $"/containers/{container}/archive?path={Uri.EscapeDataString(into)}", content, slow, [], cancel);
    }

    public async Task StartAsync(string id, CancellationToken cancel)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Post, $"/containers/{id}/start", null, slow, [HttpStatusCode.NotModified], cancel);
    }

    public async Task RenameAsync(string id, string name, CancellationToken cancel)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Post, $"/containers/{id}/rename?name={Uri.EscapeDataString(name)}", null, quick, [HttpStatusCode.NotFound], cancel);
    }

    /// <returns>Null when there is no such container.</returns>
    public async Task<ContainerRunState?> InspectAsync(string id, CancellationToken cancel)
    {
        using var response = await connection.SendAsync(
            HttpMethod.Get, $"/containers/{id}/json", null, quick, [HttpStatusCode.NotFound], cancel);
        return response.IsSuccessStatusCode ? (await ReadAsync(response, DockerJson.Default.ContainerInspection, cancel)).State : null;
    }

    /// <summary>The beginning of a regular file in a container, running or not.</summary>
    /// <returns>Null when there is no such file.</returns>
    public async Task<byte[]?> ReadFileAsync(string id, string path, int longest, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(quick);
        using var response = await connection.SendAsync(
            HttpMethod.Get, $"/containers/{id}/archive?path={Uri.EscapeDataString(path)}", null, quick, [HttpStatusCode.NotFound], cancel);
        if (!response.IsSuccessStatusCode)
            return null;
        try
        {
            await using var archive = await response.Content.ReadAsStreamAsync(limit.Token);
            await using var tar = new TarReader(archive);
            if (await tar.GetNextEntryAsync(cancellationToken: limit.Token) is not { DataStream: { } content, EntryType: TarEntryType.RegularFile or TarEntryType.V7RegularFile })
                return null;
            var bytes = new byte[longest];
            return bytes[..await content.ReadAtLeastAsync(bytes, longest, throwOnEndOfStream: false, limit.Token)];
        }
        catch (Exception fault) when ((fault is IOException or InvalidDataException or OperationCanceledException) && !cancel.IsCancellationRequested)
        {
            throw new DockerFault(null, $"Docker Engine broke off its answer ({fault.Message}).", fault);
        }
    }

    /// <summary>Removes a container with its anonymous volumes, running or not. One that is gone is fine; one that somebody else removes just now (409) is waited for.</summary>
    public async Task RemoveAsync(string id, CancellationToken cancel)
    {
        bool going;
        using (var response = await connection.SendAsync(HttpMethod.Delete, $"/containers/{id}?v=true&force=true", null, slow, [HttpStatusCode.NotFound, HttpStatusCode.Conflict], cancel))
            going = response.StatusCode == HttpStatusCode.Conflict;
        if (going)
            await GoneAsync(id, cancel);
    }

    // Not by the engine's own wait: it never ends when the other removal fails.
    private async Task GoneAsync(string id, CancellationToken cancel)
    {
        for (var left = Patience; await InspectAsync(id, cancel) is not null; left -= look)
        {
            if (left <= TimeSpan.Zero)
                throw new DockerFault(HttpStatusCode.Conflict, $"The removal of container {id} was begun by somebody else and has not come to its end within {Patience.TotalSeconds:0} s.");
            await Task.Delay(look, cancel);
        }
    }

    /// <summary>A container's whole output so far and, with <paramref name="follow"/>, all to come until it ends; each line with its time (<see cref="TimedLine"/>).</summary>
    public async Task<Stream> OutputAsync(string id, bool follow, CancellationToken cancel)
    {
        var response = await connection.SendAsync(
            HttpMethod.Get, $"/containers/{id}/logs?stdout=1&stderr=1&timestamps=1&follow={(follow ? 1 : 0)}", null, quick, [], cancel);
        return await response.Content.ReadAsStreamAsync(cancel);
    }

    /// <summary>Removes untagged images that no container uses and that were made before a time.</summary>
    /// <returns>Bytes freed.</returns>
    public Task<long> PruneImagesAsync(DateTimeOffset before, CancellationToken cancel) =>
        PruneAsync("/images/prune", before.ToUnixTimeSeconds().ToString(CultureInfo.InvariantCulture), cancel);

    /// <summary>Removes build cache that no build uses and that none has used for so long.</summary>
    /// <returns>Bytes freed.</returns>
    public Task<long> PruneBuildCacheAsync(TimeSpan unused, CancellationToken cancel) =>
        PruneAsync("/build/prune", string.Create(CultureInfo.InvariantCulture, $"{Math.Ceiling(unused.TotalSeconds):0}s"), cancel);

    private async Task<long> PruneAsync(string path, string until, CancellationToken cancel)
    {
        var filters = JsonSerializer.Serialize(new() { ["until"] = [until] }, DockerJson.Default.DictionaryStringStringArray);
        using var response = await connection.SendAsync(HttpMethod.Post, $"{path}?filters={Uri.EscapeDataString(filters)}", null, slow, [], cancel);
        return (await ReadAsync(response, DockerJson.Default.PruneReport, cancel)).SpaceReclaimed;
    }

    private static ByteArrayContent Json(byte[] body) => new(body) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    private static Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, CancellationToken cancel) => EngineAnswer.ReadAsync(response, type, quick, cancel);
}
