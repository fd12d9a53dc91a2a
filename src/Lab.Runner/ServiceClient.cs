using System.Net;
using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lab.Runner;

/// <summary>JSON calls to GitHub's services.</summary>
internal sealed class ServiceClient : IDisposable
{
    private readonly HttpClient _http = new() { Timeout = TimeSpan.FromSeconds(100) };

    public ServiceClient() => _http.DefaultRequestHeaders.UserAgent.Add(new("GitHubActionsRunner-linux", RunnerVersion.Number));

    public async Task<ServiceAnswer> SendAsync(HttpMethod method, Uri url, string? token, JsonNode? body, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(method, url);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        if (body is not null)
            request.Content = new StringContent(body.ToJsonString(), Encoding.UTF8, "application/json");
        return await SendAsync(request, cancel);
    }

    public async Task<ServiceAnswer> SendFormAsync(Uri url, Dictionary<string, string> form, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, url) { Content = new FormUrlEncodedContent(form) };
        return await SendAsync(request, cancel);
    }

    /// <summary>Writes a whole log to a signed address.</summary>
    public async Task<ServiceAnswer> PutTextAsync(Uri url, string text, CancellationToken cancel)
    {
        using var request = new HttpRequestMessage(HttpMethod.Put, url) { Content = new StringContent(text, Encoding.UTF8, new MediaTypeHeaderValue("text/plain")) };
        request.Headers.Add("x-ms-blob-type", "BlockBlob");
        return await SendAsync(request, cancel);
    }

    public void Dispose() => _http.Dispose();

    private async Task<ServiceAnswer> SendAsync(HttpRequestMessage request, CancellationToken cancel)
    {
        using var response = await _http.SendAsync(request, cancel);
        return new(response.StatusCode, await response.Content.ReadAsStringAsync(cancel));
    }
}

/// <summary>Status and text of an answer.</summary>
internal sealed record ServiceAnswer(HttpStatusCode Status, string Text)
{
    public bool Good => (int)Status is >= 200 and < 300;

    /// <summary>The body as an object; null when it is empty or something else.</summary>
    public JsonObject? Json
    {
        get
        {
            try
            {
                return Text.Length == 0 ? null : JsonNode.Parse(Text) as JsonObject;
            }
            catch (JsonException)
            {
                return null;
            }
        }
    }

    /// <summary>What went wrong in the service's word, such as `RunnerNotFound` or `invalid_client`.</summary>
    public string? Error => (Json?["errorKind"] ?? Json?["error"])?.ToString();

    public override string ToString() => $"{(int)Status} {Error} {Json?["errorMessage"] ?? Json?["error_description"]}".TrimEnd();
}
