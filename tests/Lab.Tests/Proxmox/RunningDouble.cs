using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Diagnostics;
using System.Net;
using System.Net.Security;
using System.Security.Cryptography.X509Certificates;
using System.Text.Json;
using Lab.Proxmox;
using Lab.Proxmox.Faults;
using Lab.Proxmox.Wire;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Logging;

namespace Lab.Tests.Proxmox;

/// <summary>The double on a port of its own, with a plain HTTP client that pins its certificate.</summary>
internal sealed class RunningDouble : IAsyncDisposable
{
    public const string Node = "pve";
    private const string TokenId = "root@pam!test";
    private static readonly X509Certificate2 Certificate = ProxmoxCertificate.Create();
    private readonly WebApplication _app;
    private readonly ProxmoxDouble _double;
    private readonly string _version;
    private readonly ConcurrentQueue<string> _taken = new();

    private RunningDouble(WebApplication app, ProxmoxDouble proxmox, MemoryMachines machines, string version)
    {
        _app = app;
        _double = proxmox;
        _version = version;
        Machines = machines;
        Address = new(app.Urls.Single() + "/api2/json/");
        Client = ClientWith($"PVEAPIToken={TokenId}=s3cret");
    }

    public Uri Address { get; }

    public HttpClient Client { get; }

    public MemoryMachines Machines { get; }

    public ImmutableArray<LoggedRequest> Requests => _double.Requests;

    public FaultSwitch Faults => _double.Faults;

    /// <summary>False while something is sent that pve_check.py takes for a mistake, though it is right.</summary>
    public bool Judges { get; set; } = true;

    public static async Task<RunningDouble> StartAsync(Func<ProxmoxOptions, ProxmoxOptions>? change = null, MemoryMachines? machines = null)
    {
        var options = new ProxmoxOptions
        {
            Tokens = [new(TokenId, "s3cret")],
            UnauthorizedDelay = TimeSpan.Zero,
            WorkerDelay = TimeSpan.FromMilliseconds(10),
            CloneDelay = TimeSpan.FromMilliseconds(150),
        };
        options = change?.Invoke(options) ?? options;
        machines ??= new();
        var proxmox = new ProxmoxDouble(options, machines, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseKestrelHttpsConfiguration();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                IPAddress.Loopback,
                0,
                listen =>
                {
                    listen.Protocols = HttpProtocols.Http1;
                    listen.UseHttps(Certificate);
                }
            )
        );
        var app = builder.Build();
        proxmox.Use(app);
        await app.StartAsync();
        return new(app, proxmox, machines, options.Version);
    }

    public HttpClient ClientWith(string? authorization)
    {
        var handler = new SocketsHttpHandler
        {
            UseCookies = false,
            SslOptions = new SslClientAuthenticationOptions
            {
                RemoteCertificateValidationCallback = (_, seen, _, _) => seen!.GetRawCertData().AsSpan().SequenceEqual(Certificate.RawData),
            },
        };
        var client = new HttpClient(handler) { BaseAddress = Address };
        if (authorization is not null)
            client.DefaultRequestHeaders.TryAddWithoutValidation("Authorization", authorization);
        return client;
    }

    public Task<Answer> GetAsync(string path) => SendAsync(HttpMethod.Get, path);

    public Task<Answer> PostAsync(string path, params (string, string)[] form) => SendAsync(HttpMethod.Post, path, Form(form));

    public Task<Answer> PutAsync(string path, params (string, string)[] form) => SendAsync(HttpMethod.Put, path, Form(form));

    public Task<Answer> DeleteAsync(string path) => SendAsync(HttpMethod.Delete, path);

    public async Task<Answer> SendAsync(HttpMethod method, string path, HttpContent? content = null, HttpClient? client = null)
    {
        using var request = new HttpRequestMessage(method, path) { Content = content };
        using var response = await (client ?? Client).SendAsync(request);
        // What is sent wrong on purpose is what the double refuses; it must take nothing that the schema does not know.
        if (Judges && response.IsSuccessStatusCode)
            _taken.Enqueue(await LogLineAsync(request));
        return new(
            (int)response.StatusCode,
            response.ReasonPhrase ?? "",
            await response.Content.ReadAsStringAsync(),
            response.Headers.ConnectionClose == true
        );
    }

    private static async Task<string> LogLineAsync(HttpRequestMessage request) => JsonSerializer.Serialize(new Dictionary<string, string?>
    {
        ["method"] = request.Method.Method,
        ["path"] = request.RequestUri!.PathAndQuery,
        ["body"] = request.Content is null ? null : await request.Content.ReadAsStringAsync(),
        ["contentType"] = request.Content?.Headers.ContentType?.MediaType,
    });

    /// <summary>Waits for a task's end and returns its exit status.</summary>
    public async Task<string> EndOfAsync(Answer started)
    {
        started.Status.ShouldBe(200, started.Body);
        var upid = started.Data.GetString()!;
        JsonElement status = default;
        await UntilAsync(async () =>
        {
            status = (await GetAsync($"nodes/{upid.Split(':')[1]}/tasks/{Uri.EscapeDataString(upid)}/status")).Data;
            return status.GetProperty("status").GetString() == "stopped";
        });
        return status.GetProperty("exitstatus").GetString()!;
    }

    public static async Task UntilAsync(Func<Task<bool>> reached)
    {
        for (var waited = Stopwatch.StartNew(); !await reached(); await Task.Delay(10))
            waited.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(20));
    }

    /// <summary>A full clone of the template that is ready to be worked on.</summary>
    public async Task<string> CloneAsync(int vmId = 250, params (string, string)[] more)
    {
        (
            await EndOfAsync(
                await PostAsync($"nodes/{Node}/qemu/9999/clone", [("newid", $"{vmId}"), ("full", "1"), ("name", $"vm{vmId}"), .. more])
            )
        ).ShouldBe("OK");
        return $"nodes/{Node}/qemu/{vmId}";
    }

    public async Task<JsonElement> ConfigAsync(string machine, string query = "") => (await GetAsync($"{machine}/config{query}")).Data;

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _app.DisposeAsync();
        JudgedRequests.Add(_version, _taken);
    }

    public static FormUrlEncodedContent Form(params (string Key, string Value)[] form) =>
        new(form.Select(pair => KeyValuePair.Create(pair.Key, pair.Value)));
}

/// <summary>An answer with its status line.</summary>
internal sealed record Answer(int Status, string Reason, string Body, bool Closes)
{
    public JsonElement Data => Json.GetProperty("data");

    public JsonElement Json => JsonDocument.Parse(Body).RootElement;

    public string? Error(string parameter) =>
        Json.TryGetProperty("errors", out var errors) && errors.TryGetProperty(parameter, out var text) ? text.GetString() : null;

    public void ShouldFail(int status, string reason)
    {
        Reason.ShouldBe(reason);
        Status.ShouldBe(status);
    }
}
