using System.Net;
using System.Net.Http.Headers;
using System.Net.Security;
using System.Text.Json;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>
/// Speaks Proxmox VE's API over pinned TLS, with a token or a ticket. Reads are repeated when no answer comes; writes never are:
/// a lost answer is <see cref="ProxmoxFault.OutcomeUnknown"/>, and whoever asked must look before asking again.
/// </summary>
internal sealed class ProxmoxClient : IDisposable
{
    // A call for another node is given up by Proxmox itself after 30 seconds.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);
    private static readonly TimeSpan[] Pauses = [TimeSpan.FromSeconds(0.3), TimeSpan.FromSeconds(1), TimeSpan.FromSeconds(2)];

    private readonly ProxmoxEndpoint _endpoint;
    private readonly ProxmoxErrors _errors;
    private readonly CertificateTrust _trust;
    private readonly ProxmoxTickets? _tickets;
    private readonly HttpClient _http;

    /// <param name="secret">The token's, or the user's password.</param>
    public ProxmoxClient(ProxmoxEndpoint endpoint, Secret secret, TimeProvider time)
    {
        if (endpoint.Url.Scheme != Uri.UriSchemeHttps)
            throw new ConfigurationException(
                $"Proxmox's address {endpoint.Url} is not https.", "The secret would travel unprotected.", "Write `https://HOST:8006`.");
        (_endpoint, _errors, _trust, Time) = (endpoint, new(endpoint), new(endpoint), time);
        _http = new(Handler(_trust)) { Timeout = Limit, DefaultRequestVersion = HttpVersion.Version11 };
        if (endpoint.Login is ProxmoxLogin.Token token)
            _http.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", $"PVEAPIToken={token.Id}={secret.Reveal().Trim()}");
        else if (endpoint.Login is ProxmoxLogin.Password user)
            _tickets = new(user, secret, SendAsync, time);
        _http.DefaultRequestHeaders.Accept.Add(new MediaTypeWithQualityHeaderValue("application/json"));
    }

    public TimeProvider Time { get; }

    public Task<JsonElement> GetAsync(string path, string purpose, CancellationToken cancel) => SendAsync(ProxmoxCall.Get(path, purpose), cancel);

    /// <summary>Carries out a write; the task it started, or null when it was done at once.</summary>
    public async Task<Upid?> WriteAsync(ProxmoxCall call, CancellationToken cancel) => Upid.Parse((await SendAsync(call, cancel)).ToString());

    public void Dispose()
    {
        _tickets?.Dispose();
        _http.Dispose();
    }

    private async Task<JsonElement> SendAsync(ProxmoxCall call, CancellationToken cancel)
    {
        _trust.Load();
        var renewed = call.IsLogin;
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
            catch (ProxmoxException ended) when (ended.Fault is ProxmoxFault.Unauthorized && !renewed && _tickets?.Forget() == true)
            {
                // Nothing was carried out, so that a write can be repeated too.
                renewed = true;
            }
        }
    }

    private async Task<JsonElement> SendOnceAsync(ProxmoxCall call, CancellationToken cancel)
    {
        try
        {
            using var message = call.Message(_endpoint.Url);
            if (_tickets is not null && !call.IsLogin)
                await _tickets.AuthorizeAsync(message, cancel);
            using var response = await _http.SendAsync(message, cancel);
            return await ProxmoxReply.DataAsync(call, response, _errors, cancel);
        }
        catch (HttpRequestException refused) when (refused.HttpRequestError is HttpRequestError.SecureConnectionError && _trust.Rejected is { } seen)
        {
            throw _errors.Untrusted(seen, _trust.Pins);
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

    private static SocketsHttpHandler Handler(CertificateTrust trust) => new()
    {
        AllowAutoRedirect = false,
        UseCookies = false,
        UseProxy = false,
        ConnectTimeout = TimeSpan.FromSeconds(10),
        // Shorter than the server's own, so that a write is not sent into a connection that is being closed.
        PooledConnectionIdleTimeout = TimeSpan.FromSeconds(3),
        SslOptions = new SslClientAuthenticationOptions { RemoteCertificateValidationCallback = trust.Accept },
    };
}
