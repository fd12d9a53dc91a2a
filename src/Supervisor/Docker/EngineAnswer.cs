using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Supervisor.Docker;

/// <summary>Reads what Docker Engine answers to the end, within a deadline. An answer that breaks off or cannot be understood is a <see cref="DockerFault"/>, as one that never comes.</summary>
internal static class EngineAnswer
{
    public static Task<T> ReadAsync<T>(HttpResponseMessage response, JsonTypeInfo<T> type, TimeSpan deadline, CancellationToken cancel) =>
        ReadAsync(response, bytes => JsonSerializer.Deserialize(bytes, type), deadline, cancel);

    public static async Task<T> ReadAsync<T>(HttpResponseMessage response, Func<byte[], T?> parse, TimeSpan deadline, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(deadline);
        try
        {
            return parse(await response.Content.ReadAsByteArrayAsync(limit.Token)) ?? throw new DockerFault(response.StatusCode, "Docker Engine answered null.");
        }
        catch (JsonException fault)
        {
            throw new DockerFault(response.StatusCode, $"Docker Engine's answer cannot be read ({fault.Message}).", fault);
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException || (fault is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            throw new DockerFault(null, $"Docker Engine broke off its answer ({fault.Message}).", fault);
        }
    }
}
