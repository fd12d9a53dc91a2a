using RunnerBuild.Desired;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote.Docker;

/// <summary>The registry that a fleet's hosts hand the runner image over by; by the hosts' own command line, which knows the credentials that are kept there.</summary>
/// <param name="repository">`registry.home.arpa/ci/runner`; the recipe is the tag.</param>
internal sealed class ImageRegistry(string repository)
{
    private string NameOf(RunnerImage image) => $"{repository}:{image.Recipe}";

    /// <summary>False: it is not there, or cannot be had; the reason is in the output.</summary>
    public async Task<bool> TryPullAsync(SshMachine machine, RunnerImage image, Action<string> line, CancellationToken cancel) =>
        (await PullAsync(machine, image, line, cancel)).ExitCode == 0;

    /// <summary>Errors: <see cref="RunnerBuildException"/>.</summary>
    public async Task RequireAsync(SshMachine machine, RunnerImage image, Action<string> line, CancellationToken cancel)
    {
        var result = await PullAsync(machine, image, line, cancel);
        if (result.ExitCode != 0)
            throw Failed(machine, $"{machine.Address} could not pull {NameOf(image)}.", result);
    }

    public async Task PushAsync(SshMachine machine, RunnerImage image, Action<string> line, CancellationToken cancel)
    {
        var result = await machine.RunAsync(
            """set -e; docker image tag "$1" "$2"; trap 'docker image rm "$2" >/dev/null' EXIT; docker image push "$2" """, [image.Reference, NameOf(image)], line, cancel);
        if (result.ExitCode != 0)
            throw Failed(machine, $"{machine.Address} could not push {NameOf(image)}.", result);
    }

    private Task<CommandResult> PullAsync(SshMachine machine, RunnerImage image, Action<string> line, CancellationToken cancel) => machine.RunAsync(
        """set -e; docker image pull "$2"; docker image tag "$2" "$1"; docker image rm "$2" >/dev/null""", [image.Reference, NameOf(image)], line, cancel);

    private RunnerBuildException Failed(SshMachine machine, string what, CommandResult result) => new(
        what, result.Tail,
        $"Check `image.registry` in the fleet ({repository}); a registry without TLS belongs into the host's `engine.insecureRegistries`, and a password is typed once on each host: `sudo docker login {repository.Split('/')[0]}`. "
        + $"Without `image.registry` the image is streamed from host to host. Then run BuildCustomImage again; {machine.Address} has what it had.");
}
