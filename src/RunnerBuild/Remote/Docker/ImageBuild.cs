using System.Formats.Tar;
using Docker.DotNet;
using Docker.DotNet.Models;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>Builds an image on a host from files of this machine.</summary>
internal static class ImageBuild
{
    public static async Task RunAsync(SshMachine machine, string apiVersion, RunnerImage image, Action<string> line, CancellationToken cancel)
    {
        using var client = RemoteEngine.Connect(machine, apiVersion);
        using var context = Pack(image.Context);
        var log = new BuildLog(line);
        try
        {
            await client.Images.BuildImageFromDockerfileAsync(Parameters(image), context, [], new Dictionary<string, string>(), log, cancel);
        }
        catch (Exception fault) when (fault is DockerApiException or HttpRequestException or IOException)
        {
            throw Failed(machine, fault.Message, log);
        }

        if (log.Error is { } error)
            throw Failed(machine, error, log);
    }

    /// <summary>The label comes with the order to build: a Dockerfile of somebody's own need not know of it.</summary>
    internal static ImageBuildParameters Parameters(RunnerImage image) => new()
    {
        Dockerfile = "Dockerfile",
        Tags = [image.Reference],
        BuildArgs = image.Arguments.ToDictionary(),
        Labels = new Dictionary<string, string> { [RunnerImage.RecipeLabel] = image.Recipe },
        Remove = true,
        ForceRemove = true,
    };

    private static RunnerBuildException Failed(SshMachine machine, string error, BuildLog log) => new(
        $"The runner image could not be built on {machine.Address}.",
        $"{error}\n{string.Join('\n', log.Tail)}",
        "The image in use is unchanged. Correct the recipe (`image:` in the fleet, runner-image/) or the cause above, and run BuildCustomImage again; finished layers are reused.");

    private static MemoryStream Pack(string folder)
    {
        var stream = new MemoryStream();
        using (var tar = new TarWriter(stream, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var file in RunnerImage.Files(folder))
            {
                using var content = File.OpenRead(file);
                // No times and no owners: the engine's layer cache looks at them.
                tar.WriteEntry(new PaxTarEntry(TarEntryType.RegularFile, Path.GetRelativePath(folder, file))
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
