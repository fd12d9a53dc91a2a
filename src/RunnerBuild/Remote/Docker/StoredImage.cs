using System.Globalization;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>An image in a host's engine. What it is, its label and its layers' hashes tell: its id differs between image stores.</summary>
/// <param name="Size">Bytes.</param>
/// <param name="Layers">Hashes of the layers' content, in order.</param>
internal sealed record StoredImage(string Recipe, long Size, string Layers)
{
    /// <summary>Null: the engine has no such image.</summary>
    public static async Task<StoredImage?> FindAsync(SshMachine machine, string reference, CancellationToken cancel)
    {
        const string Ask = """docker image inspect --format "{{index .Config.Labels \"$2\"}} {{.Size}} {{json .RootFS.Layers}}" "$1" """;
        var result = await machine.RunAsync(Ask, [reference, RunnerImage.RecipeLabel], null, cancel);
        return result.ExitCode == 0 && result.Output.Trim().Split(' ', 3) is [var recipe, var size, var layers]
            ? new StoredImage(recipe, long.Parse(size, CultureInfo.InvariantCulture), layers)
            : null;
    }

    /// <summary>Errors: <see cref="RunnerBuildException"/> when what arrived under an image's name is another; the name is taken from it again.</summary>
    /// <param name="original">Where it is from; null: nobody knows any more.</param>
    public static async Task RequireAsync(SshMachine machine, RunnerImage image, StoredImage? original, CancellationToken cancel)
    {
        var stored = await FindAsync(machine, image.Reference, cancel);
        var why = stored is null ? $"The engine of {machine.Address} has no image of that name."
            : stored.Recipe != image.Recipe ? $"Its label {RunnerImage.RecipeLabel} says '{stored.Recipe}'."
            : original is not null && stored.Layers != original.Layers ? "Its layers are others than those of the image that was sent."
            : null;
        if (why is null)
            return;
        await machine.RunAsync("docker image rm \"$1\" >/dev/null 2>&1", [image.Reference], null, cancel);
        throw new RunnerBuildException(
            $"What {machine.Address} has now is not {image.Reference}.", why, "Something else changes images there, or in the registry; see what does, and run BuildCustomImage again.");
    }
}
