using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>Builds an image on a host from files of this machine.</summary>
internal static class ImageBuild
{
    /// <param name="repository">Absolute path of the project, which the image names as its source.</param>
    public static async Task RunAsync(SshMachine machine, EngineFact engine, RunnerImage image, string repository, Action<string> line, CancellationToken cancel)
    {
        var labels = await SourceLabels.OfAsync(repository, cancel);
        if (engine.BuildKit)
            await BuildKitBuild.RunAsync(machine, image, labels, line, cancel);
        else
            await ClassicBuild.RunAsync(machine, engine.ApiVersion, image, labels, line, cancel);
        await StoredImage.RequireAsync(machine, image, null, cancel);
    }

    public static RunnerBuildException Failed(SshMachine machine, string error, IReadOnlyList<string> tail) => new(
        $"The runner image could not be built on {machine.Address}.",
        $"{error}\n{string.Join('\n', tail)}",
        "The image in use is unchanged. Correct the recipe (`image:` in the fleet, runner-image/) or the cause above, and run BuildCustomImage again; finished layers are reused.");
}
