using System.Net;
using System.Text;

namespace RunnerBuild.Tests.Images;

/// <summary>The vendors' servers, all on this machine: what they would be asked for arrives here as `/host/path`.</summary>
internal sealed class VendorServer : IDisposable
{
    private readonly HttpListener _listener = new();

    private VendorServer(int port) => Port = port;

    public int Port { get; }

    /// <summary>By `host/path`; anything else is not found.</summary>
    public Dictionary<string, string> Answers { get; } = [];

    public HttpMessageHandler Handler => new Rerouting(Port);

    public static VendorServer Start()
    {
        for (var port = 34100; ; port++)
        {
            var server = new VendorServer(port);
            server._listener.Prefixes.Add($"http://127.0.0.1:{port}/");
            try
            {
                server._listener.Start();
            }
            catch (HttpListenerException)
            {
                continue;
            }

            _ = server.ServeAsync();
            return server;
        }
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var found = Answers.TryGetValue(call.Request.Url!.AbsolutePath[1..], out var answer);
            call.Response.StatusCode = found ? 200 : 404;
            await call.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(answer ?? ""));
            call.Response.Close();
        }
    }

    public void Dispose() => _listener.Close();

    private sealed class Rerouting(int port) : DelegatingHandler(new SocketsHttpHandler())
    {
        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            request.RequestUri = new Uri($"http://127.0.0.1:{port}/{request.RequestUri!.Host}{request.RequestUri.AbsolutePath}");
            return base.SendAsync(request, cancellationToken);
        }
    }
}
