using System.Net;
using Lab.GitHub;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.Extensions.Logging;

namespace Integration.Running;

/// <summary>A GitHub double in this process, with tokens that the lab's does not have.</summary>
internal sealed class OtherGitHub : IAsyncDisposable
{
    private readonly GitHubDouble _double;
    private readonly WebApplication _server;

    private OtherGitHub(GitHubDouble github, WebApplication server) => (_double, _server) = (github, server);

    public static string Url => $"http://{FleetText.Gateway}:{FleetText.OtherGitHubPort}";

    public static async Task<OtherGitHub> StartAsync(params AccessToken[] tokens)
    {
        var github = new GitHubDouble(new GitHubOptions { PublicUrl = Url, Tokens = [.. tokens] }, TimeProvider.System);
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Listen(IPAddress.Parse(FleetText.Gateway), FleetText.OtherGitHubPort));
        var server = builder.Build();
        github.Map(server);
        await server.StartAsync();
        return new OtherGitHub(github, server);
    }

    public async ValueTask DisposeAsync()
    {
        await _server.StopAsync(new CancellationToken(canceled: true));
        await _server.DisposeAsync();
        _double.Dispose();
    }
}
