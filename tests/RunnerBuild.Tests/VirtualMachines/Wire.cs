using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using System.Text;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Hosting.Server;
using Microsoft.AspNetCore.Hosting.Server.Features;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using RunnerBuild.Config;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A request as it came over the wire.</summary>
internal sealed record Seen(string Method, string Path, string Body, string? ContentType)
{
    public bool IsWrite => Method != "GET";

    /// <summary>The line that pve_check.py reads.</summary>
    public string LogLine => JsonSerializer.Serialize(new Dictionary<string, string?> { ["method"] = Method, ["path"] = Path, ["body"] = Body.Length > 0 ? Body : null });
}

/// <summary>A TLS server on loopback that keeps every request, whatever stands behind it, and can lose answers.</summary>
internal sealed class Wire : IAsyncDisposable
{
    public const string TokenSecret = "6d8f0c1e-5b1a-4d55-9a57-0f6f1f3c7b21";

    public static readonly ProxmoxLogin.Token Token = new("root@pam!runnerbuild", new SecretReference.FromEnvironment("PROXMOX_TOKEN"));

    private readonly List<Seen> _seen = [];
    private readonly List<Seen> _judged = [];
    private readonly X509Certificate2 _certificate;
    private WebApplication? _server;

    private Wire(X509Certificate2 certificate) => _certificate = certificate;

    public Uri Url => new(_server!.Services.GetRequiredService<IServer>().Features.Get<IServerAddressesFeature>()!.Addresses.Single());

    public string Fingerprint => string.Join(':', Convert.ToHexString(SHA256.HashData(_certificate.RawData)).Chunk(2).Select(pair => new string(pair)));

    /// <summary>Called when a request has been carried out, with its number from 0; true: the connection breaks instead of an answer.</summary>
    public Func<int, Seen, bool> Loses { get; set; } = (_, _) => false;

    /// <summary>Answers in place of what stands behind; null leaves it to that.</summary>
    public Func<Seen, RequestDelegate?> Instead { get; set; } = _ => null;

    /// <summary>Changes the text of answers on their way.</summary>
    public Func<string, string> Turned { get; set; } = text => text;

    /// <summary>False while a test sends on purpose what Proxmox does not know.</summary>
    public bool Judges { get; set; } = true;

    /// <summary>All that came while <see cref="Judges"/>, also what was forgotten.</summary>
    public IReadOnlyList<Seen> Judged
    {
        get
        {
            lock (_seen)
                return [.. _judged];
        }
    }

    /// <summary>How much faster than real the time of new clients goes.</summary>
    public int Haste { get; set; } = 20;

    public IReadOnlyList<Seen> Requests
    {
        get
        {
            lock (_seen)
                return [.. _seen];
        }
    }

    public static async Task<Wire> StartAsync(Action<IApplicationBuilder> behind, X509Certificate2? certificate = null)
    {
        var wire = new Wire(certificate ?? SelfSigned());
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Loopback, 0, listen =>
        {
            listen.Protocols = HttpProtocols.Http1;
            listen.UseHttps(wire._certificate);
        }));
        wire._server = builder.Build();
        wire._server.Use(wire.RecordAsync);
        behind(wire._server);
        await wire._server.StartAsync();
        return wire;
    }

    public ProxmoxEndpoint Endpoint(params string[] pins) =>
        new(Url, Token, [.. pins.DefaultIfEmpty(Fingerprint)], null);

    public ProxmoxClient Client(ProxmoxEndpoint endpoint, string secret = TokenSecret) => new(endpoint, new(secret), new HurriedTime(Haste));

    public ProxmoxClient Client(params string[] pins) => new(Endpoint(pins), new(TokenSecret), new HurriedTime(Haste));

    public void Forget()
    {
        lock (_seen)
            _seen.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await _server!.DisposeAsync();
        _certificate.Dispose();
    }

    private async Task RecordAsync(HttpContext context, RequestDelegate next)
    {
        context.Request.EnableBuffering();
        var body = await new StreamReader(context.Request.Body).ReadToEndAsync();
        context.Request.Body.Position = 0;
        var request = new Seen(context.Request.Method, context.Request.Path.ToUriComponent() + context.Request.QueryString, body, context.Request.ContentType);
        var number = Add(request);
        var (answer, client) = (new MemoryStream(), context.Response.Body);
        context.Response.Body = answer;
        await (Instead(request) ?? next)(context);
        context.Response.Body = client;
        if (Loses(number, request))
            context.Abort();
        else
            await AnswerAsync(context, client, Encoding.UTF8.GetString(answer.ToArray()));
    }

    private async Task AnswerAsync(HttpContext context, Stream client, string text)
    {
        var turned = Encoding.UTF8.GetBytes(Turned(text));
        context.Response.ContentLength = turned.Length;
        await client.WriteAsync(turned);
    }

    private int Add(Seen request)
    {
        lock (_seen)
        {
            _seen.Add(request);
            if (Judges)
                _judged.Add(request);
            return _seen.Count - 1;
        }
    }

    internal static X509Certificate2 SelfSigned()
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        using var made = new CertificateRequest("CN=node005", key, HashAlgorithmName.SHA256).CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }
}
