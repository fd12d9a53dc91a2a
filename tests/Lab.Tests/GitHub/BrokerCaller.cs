using System.Buffers.Text;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Lab.Tests.GitHub;

/// <summary>Speaks to the runner service call by call, as a runner that can be made to misbehave.</summary>
internal sealed class BrokerCaller : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _client;
    private readonly RSA _key;

    public BrokerCaller(string url, string configuration)
    {
        _http = new() { BaseAddress = new(url) };
        var files = JsonDocument.Parse(Convert.FromBase64String(configuration)).RootElement;
        JsonElement File(string name) => JsonDocument.Parse(Convert.FromBase64String(files.GetProperty(name).GetString()!)).RootElement;
        _client = File(".credentials").GetProperty("Data").GetProperty("clientId").GetString()!;
        byte[] Part(string name) => File(".credentials_rsaparams").GetProperty(name).GetBytesFromBase64();
        _key = RSA.Create(new RSAParameters
        {
            Modulus = Part("modulus"), Exponent = Part("exponent"), D = Part("d"), P = Part("p"), Q = Part("q"), DP = Part("dp"), DQ = Part("dq"), InverseQ = Part("inverseQ"),
        });
    }

    public string Session { get; private set; } = "";

    public async Task<HttpResponseMessage> TokenAsync(RSA? key = null, string algorithm = "PS256", int expires = 300, string? audience = null)
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var url = audience ?? new Uri(_http.BaseAddress!, "/oauth/token").ToString();
        var claims = JsonSerializer.SerializeToUtf8Bytes(new { sub = _client, iss = _client, aud = url, nbf = now - 600, exp = now + expires });
        var text = $"{Base64Url.EncodeToString(Encoding.UTF8.GetBytes($$"""{"alg":"{{algorithm}}"}"""))}.{Base64Url.EncodeToString(claims)}";
        var padding = algorithm == "PS256" ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        var signature = (key ?? _key).SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, padding);
        var answer = await _http.PostAsync("/oauth/token", new FormUrlEncodedContent(new Dictionary<string, string>
        {
            ["grant_type"] = "client_credentials",
            ["client_assertion_type"] = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer",
            ["client_assertion"] = $"{text}.{Base64Url.EncodeToString(signature)}",
        }));
        if (answer.IsSuccessStatusCode)
            _http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(
                "Bearer", (await DoubleServer.JsonAsync(answer)).GetProperty("access_token").GetString());
        return answer;
    }

    public async Task<HttpResponseMessage> OpenAsync()
    {
        var answer = await _http.PostAsJsonAsync("/broker/session", new { ownerName = "test", agent = new { version = "2.328.0" } });
        if (answer.IsSuccessStatusCode)
            Session = (await DoubleServer.JsonAsync(answer)).GetProperty("sessionId").GetString()!;
        return answer;
    }

    public Task<HttpResponseMessage> PollAsync(CancellationToken cancel = default) =>
        _http.GetAsync($"/broker/message?sessionId={Session}&status=Online&runnerVersion=2.328.0", cancel);

    /// <summary>The request id in a job message.</summary>
    public static async Task<string> RequestAsync(HttpResponseMessage message) =>
        JsonDocument.Parse((await DoubleServer.JsonAsync(message)).GetProperty("body").GetString()!).RootElement.GetProperty("runner_request_id").GetString()!;

    public Task<HttpResponseMessage> AcquireAsync(string request) => _http.PostAsJsonAsync("/run/acquirejob", new { jobMessageId = request, runnerOS = "Linux" });

    /// <summary>A call of the run service with a job's own token.</summary>
    public async Task<HttpResponseMessage> WithJobTokenAsync(string call, JsonElement job, object body, Func<string, string>? forge = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/run/{call}") { Content = JsonContent.Create(body) };
        request.Headers.Authorization = new("Bearer", forge is null ? JobToken(job) : forge(JobToken(job)));
        return await _http.SendAsync(request);
    }

    private static string JobToken(JsonElement job) =>
        job.GetProperty("resources").GetProperty("endpoints")[0].GetProperty("authorization").GetProperty("parameters").GetProperty("AccessToken").GetString()!;

    public void Dispose()
    {
        _http.Dispose();
        _key.Dispose();
    }
}
