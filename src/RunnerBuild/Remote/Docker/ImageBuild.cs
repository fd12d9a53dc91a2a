using System.Formats.Tar;
using Docker.DotNet;
using Docker.DotNet.Models;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>Builds an image on a host from files of this machine.</summary>
internal static class ImageBuild
{
    public static async Task RunAsync(SshMachine machine, string apiVersion, RunnerImage image, IReadOnlyDictionary<string, string> labels, Action<string> line, CancellationToken cancel)
    {
        using var client = RemoteEngine.Connect(machine, apiVersion);
        using var context = Pack(image.Context);
        var log = new BuildLog(line);
        try
        {
            await client.Images.BuildImageFromDockerfileAsync(Parameters(image, labels), context, [], new Dictionary<string, string>(), log, cancel);
        }
        catch (Exception fault) when (fault is DockerApiException or HttpRequestException or IOException)
        {
            throw Failed(machine, fault.Message, log);
        }

        if (log.Error is { } error)
            throw Failed(machine, error, log);
    }

    /// <summary>Labels come with the order to build: a Dockerfile of somebody's own need not know of them, and no layer hangs on them.</summary>
    /// <param name="labels">Those that are the build's, beside the image's.</param>
    internal static ImageBuildParameters Parameters(RunnerImage image, IReadOnlyDictionary<string, string> labels) => new()
    {
        Dockerfile = "Dockerfile",
        Tags = [image.Reference],
        BuildArgs = image.Arguments.ToDictionary(),
        Labels = image.Labels.Concat(labels).ToDictionary(),
        Remove = true,
        ForceRemove = true,
    };

    private static RunnerBuildException Failed(SshMachine machine, string error, BuildLog log) => new(
        $"The runner image could not be built on {machine.Address}.",
        $"{error}\n{string.Join('\n', log.Tail)}",
        "The image in use is unchanged. Correct the recipe (`image:` in the fleet, runner-image/) or the cause above, and run BuildCustomImage again; finished layers are reused.");

    private static MemoryStream Pack(BuildContext context)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, file) in context.Files())
            {
                using var content = File.OpenRead(file);
                // No times and no owners: the engine's layer cache looks at them.
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, path)
                {
                    DataStream = content,
                    Mode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead | UnixFileMode.OtherRead
                        | (IsProgram(file) ? UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute : 0),
                    ModificationTime = DateTimeOffset.UnixEpoch,
                });
            }
        }

        stream.Position = 0;
        return stream;
    }

    private static bool IsProgram(string file)
    {
        using var reader = new StreamReader(file);
        return reader.Read() == '#' && reader.Read() == '!';
    }
}
