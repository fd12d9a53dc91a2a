using System.Net;
using Docker.DotNet;
using Docker.DotNet.Handler.Abstractions;
using Microsoft.Extensions.Logging;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>A client of the Docker Engine on a machine, over the SSH connection that is open already.</summary>
internal static class RemoteEngine
{
    private static readonly Version NewestKnown = new(1, 44);

    /// <param name="apiVersion">The engine's own, such as `1.41`: the library asks for a newer one by default, which old engines refuse.</param>
    public static DockerClient Connect(SshMachine machine, string apiVersion)
    {
        var engine = Version.Parse(apiVersion);
        return new DockerClientBuilder<SshTransport>(new SshTransportFactory(), new SshTransport(machine))
            .WithApiVersion(engine < NewestKnown ? engine : NewestKnown)
            .WithTimeout(Timeout.InfiniteTimeSpan)
            .Build();
    }

    private sealed record SshTransport(SshMachine Machine);

    private sealed class SshTransportFactory : IDockerHandlerFactory<SshTransport>
    {
        public ResolvedTransport CreateHandler(ResolvedClientOptions clientOptions, ILogger logger) =>
            throw new NotSupportedException("The engine is reached through an SSH connection, which has to be given.");

        public ResolvedTransport CreateHandler(SshTransport transportOptions, ResolvedClientOptions clientOptions, ILogger logger) =>
            new(
                new SocketsHttpHandler { ConnectCallback = async (_, cancel) => await transportOptions.Machine.DialDockerAsync(cancel), UseProxy = false, AutomaticDecompression = DecompressionMethods.None },
                new Uri("http://docker"));

        public Task<WriteClosableStream> HijackStreamAsync(HttpContent content) =>
            throw new NotSupportedException("Nothing here attaches to a container.");
    }
}
