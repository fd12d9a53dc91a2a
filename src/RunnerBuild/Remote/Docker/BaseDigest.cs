using System.Net;
using System.Text.Json;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>Which image a reference means now: a host's engine asks the registry, as it would for a pull, with its own mirrors and certificates.</summary>
internal static class BaseDigest
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(30);

    /// <summary>`sha256:…`; of an image for several architectures, that of the whole. Null: the registry cannot be asked, or wants a password.</summary>
    /// <param name="apiVersion">The engine's own, such as `1.41`.</param>
    public static async Task<string?> AskAsync(SshMachine machine, string apiVersion, string reference, CancellationToken cancel)
    {
        using var handler = new SocketsHttpHandler { ConnectCallback = async (_, token) => await machine.DialDockerAsync(token), UseProxy = false };
        using var http = new HttpClient(handler) { Timeout = Patience };
        try
        {
            using var answer = await http.GetAsync(new Uri($"http://docker/v{apiVersion}/distribution/{reference}/json"), cancel);
            if (answer.StatusCode != HttpStatusCode.OK)
                return null;
            using var json = JsonDocument.Parse(await answer.Content.ReadAsStringAsync(cancel));
            return json.RootElement.TryGetProperty("Descriptor", out var descriptor) && descriptor.TryGetProperty("digest", out var digest)
                && digest.GetString() is { } text && text.StartsWith("sha256:", StringComparison.Ordinal) ? text : null;
        }
        catch (Exception fault) when (fault is JsonException || fault is OperationCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
        catch (Exception fault) when (fault is HttpRequestException or IOException)
        {
            throw new HostUnreachableException($"The engine of {machine.Address} does not answer.", fault.Message, "`systemctl status docker` there tells more; then run the same target again.");
        }
    }
}
