using System.Text;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>Builds an image on a host with BuildKit, by its own command line: the library cannot speak BuildKit's protocol.</summary>
internal static class BuildKitBuild
{
    // The engine's own builder, whatever else somebody chose there, so that the image ends up in the engine; and one image, without a
    // description of the build beside it.
    private static readonly string[] Environment = ["DOCKER_BUILDKIT=1", "BUILDX_BUILDER=default", "BUILDX_NO_DEFAULT_ATTESTATIONS=1"];
    private const int Kept = 15;

    /// <param name="labels">Those that are the build's, beside the image's.</param>
    public static async Task RunAsync(SshMachine machine, RunnerImage image, IReadOnlyDictionary<string, string> labels, Action<string> line, CancellationToken cancel)
    {
        var dockerfile = BuildKitDockerfile.Of(image.Context.Read("Dockerfile"));
        using var context = ContextArchive.Of(image.Context, Encoding.UTF8.GetBytes(dockerfile));
        var result = await machine.SendAsync(["env", .. Environment, .. Command(image, labels)], context.ToArray(), line, cancel);
        if (result.ExitCode != 0)
            throw ImageBuild.Failed(machine, $"`docker build` ended with exit code {result.ExitCode}.", [.. result.Error.Trim().Split('\n').TakeLast(Kept)]);
    }

    internal static IReadOnlyList<string> Command(RunnerImage image, IReadOnlyDictionary<string, string> labels) =>
    [
        "docker", "build", "--progress", "plain", "--tag", image.Reference,
        .. image.Labels.Concat(labels).SelectMany(label => new[] { "--label", $"{label.Key}={label.Value}" }),
        .. image.Arguments.SelectMany(argument => new[] { "--build-arg", $"{argument.Key}={argument.Value}" }),
        "-",
    ];
}
