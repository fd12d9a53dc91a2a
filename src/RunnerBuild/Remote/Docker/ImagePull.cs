using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>Has a host pull an image. By its own command line, which knows the credentials for registries that are kept on the host.</summary>
internal static class ImagePull
{
    public static async Task RunAsync(SshMachine machine, string image, Action<string> line, CancellationToken cancel)
    {
        var result = await machine.RunAsync("docker pull \"$1\"", [image], line, cancel);
        if (result.ExitCode != 0)
            throw new RunnerBuildException(
                $"The image {image} could not be pulled on {machine.Address}.", result.Tail,
                $"Check the name in the fleet. Where its registry asks for a password, type it once on the host: `sudo docker login {Registry(image)}`; then run BuildCustomImage again.");
    }

    // What stands before the first slash is a registry when it looks like a host: https://pkg.go.dev/github.com/distribution/reference.
    private static string Registry(string image) =>
        image.Split('/') is [var first, _, ..] && (first.Contains('.', StringComparison.Ordinal) || first.Contains(':', StringComparison.Ordinal) || first == "localhost") ? first : "";
}
