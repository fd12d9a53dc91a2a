using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Facts;

/// <summary>The security updates that the packages of an image lack, as its own distribution's program tells.</summary>
internal sealed record SecurityUpdates(ImmutableArray<string> Packages)
{
    private static readonly Lazy<string> Script = new(() => EmbeddedText.Read("security-updates.sh"));

    /// <summary>The state that an image with these updates has, for its lock: the same updates give the same.</summary>
    public string State => $"security {Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(string.Join('\n', Packages))))[..12]}";

    /// <summary>Errors: <see cref="RunnerBuildException"/> when the distribution's servers do not answer, or the image is not there.</summary>
    public static async Task<SecurityUpdates> OfAsync(SshMachine machine, string image, CancellationToken cancel)
    {
        // Without the entrypoint, which is for jobs.
        var output = await machine.CheckAsync(
            "Looking for security updates", $"printf %s \"$2\" | docker run --rm --interactive --user 0 --entrypoint bash \"$1\" -s", [image, Script.Value], null, cancel);
        return new SecurityUpdates([.. output.Split('\n', StringSplitOptions.RemoveEmptyEntries)]);
    }
}
