using System.Collections.Concurrent;
using System.Net;
using System.Security.Cryptography.X509Certificates;
using Lab.Proxmox;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.Extensions.Logging;

namespace Integration.Running;

/// <summary>One request as it came by.</summary>
internal sealed record Passed(IPAddress From, string Method, string Path)
{
    public DateTimeOffset At { get; } = TimeProvider.System.GetUtcNow();

    public bool Writes => Method is not ("GET" or "HEAD");
}

/// <summary>Stands between the program and one server of the lab, and remembers what is asked of that server.</summary>
internal sealed class RecordingProxy : IAsyncDisposable
{
    private static readonly HashSet<string> PerConnection = new(["Connection", "Keep-Alive", "Transfer-Encoding", "Host"], StringComparer.OrdinalIgnoreCase);

    private readonly ConcurrentQueue<Passed> _seen = new();
    private readonly ConcurrentDictionary<string, Refusal> _refusals = new();
    private readonly HttpClient _upstream;
    private readonly WebApplication _server;
    private readonly string _target;

    private RecordingProxy(IPEndPoint at, string? pinned, string target)
    {
        _target = target;
        _upstream = new HttpClient(new SocketsHttpHandler
        {
            AllowAutoRedirect = false,
            UseCookies = false,
            SslOptions = { RemoteCertificateValidationCallback = (_, shown, _, _) => shown is X509Certificate2 known && ProxmoxCertificate.Fingerprint(known) == pinned },
        });
        using var certificate = ProxmoxCertificate.Create();
        Fingerprint = ProxmoxCertificate.Fingerprint(certificate);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelCore().UseKestrelHttpsConfiguration().ConfigureKestrel(kestrel => kestrel.Listen(at, listen =>
        {
            if (pinned is not null)
                listen.UseHttps(X509CertificateLoader.LoadPkcs12(
                    certificate.Export(X509ContentType.Pkcs12), null));
        }));
        _server = builder.Build();
        _server.Run(ForwardAsync);
    }

    /// <summary>SHA-256 of the certificate that it shows, as Proxmox prints it.</summary>
    public string Fingerprint { get; }

    public IReadOnlyList<Passed> Seen => [.. _seen];

    /// <summary>Called when the server has done what was asked, before its answer is passed on.</summary>
    public Func<Passed, Task>? Answering { get; set; }

    /// <param name="pinned">Fingerprint of the certificate of the server behind it; null: neither side has TLS.</param>
    /// <param name="target">Scheme, host and port of the server behind it.</param>
    public static async Task<RecordingProxy> StartAsync(IPEndPoint at, string? pinned, string target)
    {
        var proxy = new RecordingProxy(at, pinned, target);
        await proxy._server.StartAsync();
        return proxy;
    }

    public void Forget() => _seen.Clear();

    /// <summary>In the server's place: what one machine asks is refused, until <see cref="Accept"/>.</summary>
    /// <param name="end">How the paths end that are refused; empty: all.</param>
    public void Refuse(string address, string end, int status, string message) => _refusals[address] = new Refusal(end, status, message);

    public void Accept(string address) => _refusals.TryRemove(address, out _);

    private async Task ForwardAsync(HttpContext context)
    {
        var path = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget;
        var passed = new Passed(context.Connection.RemoteIpAddress!, context.Request.Method, path);
        _seen.Enqueue(passed);
        if (_refusals.TryGetValue($"{passed.From}", out var refusal) && path.EndsWith(refusal.End, StringComparison.Ordinal))
        {
            context.Response.StatusCode = refusal.Status;
            await context.Response.WriteAsJsonAsync(new { message = refusal.Message }, context.RequestAborted);
            return;
        }
        using var request = Request(context.Request, _target + path);
        using var response = await _upstream.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, context.RequestAborted);
        if (Answering is { } answering)
            await answering(passed);
        context.Response.StatusCode = (int)response.StatusCode;
        // Proxmox says there why it refuses.
        context.Features.GetRequiredFeature<IHttpResponseFeature>().ReasonPhrase = response.ReasonPhrase;
        foreach (var (name, values) in response.Headers.Concat(response.Content.Headers).Where(header => !PerConnection.Contains(header.Key)))
            context.Response.Headers[name] = values.ToArray();
        if (response.StatusCode is not (HttpStatusCode.NoContent or HttpStatusCode.NotModified))
            await response.Content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static HttpRequestMessage Request(HttpRequest asked, string address)
    {
        var request = new HttpRequestMessage(new HttpMethod(asked.Method), address);
        if (asked.ContentLength > 0 || asked.Headers.TransferEncoding.Count > 0)
            request.Content = new StreamContent(asked.Body);
        foreach (var (name, values) in asked.Headers.Where(header => !PerConnection.Contains(header.Key)))
        {
            if (!request.Headers.TryAddWithoutValidation(name, [.. values]))
                request.Content?.Headers.TryAddWithoutValidation(name, [.. values]);
        }

        return request;
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        _upstream.Dispose();
    }

    private sealed record Refusal(string End, int Status, string Message);
}
