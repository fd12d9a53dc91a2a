using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>
/// Speaks Proxmox VE's API over pinned TLS with a token. Reads are repeated when no answer comes; writes never are:
/// a lost answer is <see cref="ProxmoxFault.OutcomeUnknown"/>, and whoever asked must look before asking again.
/// </summary>
internal sealed class ProxmoxClient : IDisposable
{
    // A call for another node is given up by Proxmox itself after 30 seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    private readonly ProxmoxEndpoint _endpoint;
    private readonly ProxmoxErrors _errors;
    private readonly CertificatePins _pins;
    private readonly HttpClient _http;

    public ProxmoxClient(ProxmoxEndpoint endpoint, Secret token, TimeProvider time)
    {
        if (endpoint.Url.Scheme != Uri.UriSchemeHttps)
            throw new ConfigurationException(
                $"Proxmox's address {endpoint.Url} is not https.", "The token would travel unprotected.", "Write `https://HOST:8006`.");
        (_endpoint, _errors, _pins, Time) = (endpoint, new(endpoint), new(endpoint), time);
        _http = new(Handler(_pins)) { Timeout = Limit, DefaultRequestVersion = HttpVersion.Version11 };
        _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"PVEAPIToken={endpoint.TokenId}={token.Reveal().Trim()}");
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public TimeProvider Time { get; }

    public Task<JsonElement> GetAsync(string path, string purpose, CancellationToken cancel) => SendAsync(ProxmoxCall.Get(path, purpose), cancel);

    /// <summary>Carries out a write; the task it started, or null when it was done at once.</summary>
    public async Task<Upid?> WriteAsync(ProxmoxCall call, CancellationToken cancel) => Upid.Parse((await SendAsync(call, cancel)).ToString());

    public void Dispose() => _http.Dispose();

    private async Task<JsonElement> SendAsync(ProxmoxCall call, CancellationToken cancel)
    {
        _pins.Load();
        for (var attempt = 0; ; attempt++)
        {
            try
            {
                return await SendOnceAsync(call, cancel);
            }
            catch (ProxmoxException broken) when (broken.Fault is ProxmoxFault.Unreachable && attempt < Pauses.Length)
            {
                await Task.Delay(Pauses[attempt], Time, cancel);
            }
        }
    }

    private async Task<JsonElement> SendOnceAsync(ProxmoxCall call, CancellationToken cancel)
    {
        try
        {
            using var message = call.Message(_endpoint.Url);
            using var response = await _http.SendAsync(message, cancel);
            return await ProxmoxReply.DataAsync(call, response, _errors, cancel);
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError is HttpRequestError.SecureConnectionError && _pins.Rejected is { } seen)
        {
            throw _errors.Untrusted(seen, _pins.Pins);
        }
        catch (HttpRequestException broken)
        {
            throw _errors.NoAnswer(call, broken);
        }
        catch (OperationCanceledException late) when (!cancel.IsCancellationRequested)
        {
            throw _errors.Lost(call, late);
        }
    }

    private static SocketsHttpHandler Handler(CertificatePins pins) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // Shorter than the server's own, so that a write is not sent into a connection that is being closed.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = pins.Accept },
    };
}
