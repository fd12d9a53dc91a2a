using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Remote;

/// <summary>
/// Keeps other machines' runs from changing a host's runners meanwhile. The kernel of the host holds it for the other end of a connection, so that
/// it goes with this program, also when that is killed. Its file goes with the last who holds it.
/// </summary>
internal sealed class HostGuard : IDisposable
{
    /// <summary>Arguments: `exclusive` or `shared`, who it is, and the folder. The connection is its standard input, which ends with it.</summary>
    internal const string Hold = """
        set -eu
        lock=$3/github-runners.lock holder=$3/github-runners.holder
        while :; do
          exec 9>>"$lock"
          if ! flock --nonblock "--$1" 9; then echo "held $(cat "$holder" 2>/dev/null)"; exit 0; fi
          # Else it is the file that the one before took away with it.
          if [ "$lock" -ef /dev/fd/9 ]; then break; fi
        done
        printf '%s\n' "$2" >"$holder"
        echo mine
        cat >/dev/null
        if flock --nonblock --exclusive 9; then rm -f "$holder" "$lock"; fi
        """;

    private readonly Stream _held;

    private HostGuard(Stream held) => _held = held;

    /// <summary>Errors: <see cref="RunnerBuildException"/> with who holds it since when.</summary>
    /// <param name="alone">False: others that do not want to be alone may be at work too.</param>
    public static async Task<HostGuard> TakeAsync(SshMachine machine, RunHolder holder, bool alone, CancellationToken cancel)
    {
        var stream = await machine.DialAsync(Hold, [alone ? "exclusive" : "shared", $"{holder}", "/run/lock"], cancel);
        using var reader = new StreamReader(stream, leaveOpen: true);
        var answer = await reader.ReadLineAsync(cancel) ?? "";
        if (answer == "mine")
            return new HostGuard(stream);
        await stream.DisposeAsync();
        throw answer.StartsWith("held ", StringComparison.Ordinal)
            ? RunHolder.Refusal($"on {machine.Address}", answer["held ".Length..])
            : new RunnerBuildException($"Whether another run is at work on {machine.Address} is not known.", "Its lock in /run/lock could not be asked for.", "Look at that folder there; util-linux's `flock` must be installed.");
    }

    public void Dispose() => _held.Dispose();
}
