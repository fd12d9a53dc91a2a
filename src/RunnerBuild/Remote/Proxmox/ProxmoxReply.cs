using System.Text.Json;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>
/// Reads an answer. The reason of a refusal is in the status line, since release 8.4 in the body as well, and in `errors` for each parameter.
/// </summary>
internal static class ProxmoxReply
{
    /// <summary>The answer's `data`; null data is a JSON null.</summary>
    public static async Task<JsonElement> DataAsync(ProxmoxCall call, HttpResponseMessage response, ProxmoxErrors errors, CancellationToken cancel)
    {
        var text = await response.Content.ReadAsStringAsync(cancel);
        var body = Parse(text);
        if (!response.IsSuccessStatusCode)
        {
            if ((int)response.StatusCode is >= 300 and < 400)
                throw errors.NotProxmox(call, $"a redirection to {response.Headers.Location}.");
            throw errors.Refused(call, (int)response.StatusCode, Reason(response.ReasonPhrase ?? "", body));
        }

        return body is { ValueKind: JsonValueKind.Object } answer && answer.TryGetProperty("data", out var data)
            ? data
            : throw errors.NotProxmox(call, text.Length == 0 ? "an empty page." : $"{text[..Math.Min(80, text.Length)].Trim()}");
    }

    private static string Reason(string phrase, JsonElement? body)
    {
        var message = body?.Text("message")?.Trim();
        var reason = string.IsNullOrEmpty(message) ? phrase.Trim() : message;
        return body is { ValueKind: JsonValueKind.Object } answer
            && answer.TryGetProperty("errors", out var parameters) && parameters.ValueKind == JsonValueKind.Object
            ? $"{reason} {string.Join("; ", parameters.Texts().Select(error => $"{error.Key}: {error.Value.Trim()}"))}".Trim()
            : reason;
    }

    private static JsonElement? Parse(string text)
    {
        try
        {
            using var document = JsonDocument.Parse(text);
            return document.RootElement.Clone();
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
