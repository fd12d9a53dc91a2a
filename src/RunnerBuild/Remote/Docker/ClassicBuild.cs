using Docker.DotNet;
using Docker.DotNet.Models;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>Builds an image on a host without BuildKit.</summary>
internal static class ClassicBuild
{
    /// <param name="labels">Those that are the build's, beside the image's.</param>
    public static async Task RunAsync(SshMachine machine, string apiVersion, RunnerImage image, IReadOnlyDictionary<string, string> labels, Action<string> line, CancellationToken cancel)
    {
        using var client = RemoteEngine.Connect(machine, apiVersion);
        using var context = ContextArchive.Of(image.Context);
        var log = new BuildLog(line);
        try
        {
            await client.Images.BuildImageFromDockerfileAsync(Parameters(image, labels), context, [], new Dictionary<string, string>(), log, cancel);
        }
        catch (Exception fault) when (fault is DockerApiException or HttpRequestException or IOException)
        {
            throw machine.IsConnected
                ? ImageBuild.Failed(machine, fault.Message, log.Tail)
                : new HostUnreachableException($"The connection to {machine.Address} was lost while it built the image.", fault.Message, "Check that the machine runs, and run BuildCustomImage again; finished layers are reused.", machine.Address);
        }

        if (log.Error is { } error)
            throw ImageBuild.Failed(machine, error, log.Tail);
    }

    /// <summary>Labels come with the order to build: a Dockerfile of somebody's own need not know of them, and no layer hangs on them.</summary>
    internal static ImageBuildParameters Parameters(RunnerImage image, IReadOnlyDictionary<string, string> labels) => new()
    {
        Dockerfile = "Dockerfile",
        Tags = [image.Reference],
        BuildArgs = image.Arguments.ToDictionary(),
        Labels = image.Labels.Concat(labels).ToDictionary(),
        Remove = true,
        ForceRemove = true,
    };
}
