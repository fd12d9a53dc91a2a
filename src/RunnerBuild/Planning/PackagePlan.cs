using System.Collections.Immutable;
using RunnerBuild.Desired;

namespace RunnerBuild.Planning;

internal static class PackagePlan
{
    // Waits for whoever holds dpkg's lock, such as the first boot's own upgrade, instead of failing.
    private static readonly string Install = EmbeddedText.Read("apt-update.sh") + """
        set -eu
        export DEBIAN_FRONTEND=noninteractive NEEDRESTART_SUSPEND=1
        apt_update
        install() { apt-get -o DPkg::Lock::Timeout=600 -qy -o Dpkg::Options::=--force-confold install --no-install-recommends "$@"; }
        # A machine that went down while it installed has to finish that first.
        install "$@" || { dpkg --configure -a; install "$@"; }
        """;

    /// <param name="installed">Name to version.</param>
    public static IEnumerable<Change> Diff(Packages wanted, ImmutableDictionary<string, string> installed)
    {
        var missing = wanted.Names.Where(name => !installed.ContainsKey(name)).ToImmutableArray();
        if (missing.IsEmpty)
            yield break;
        yield return new Change(
            wanted.Id, "installed", null, string.Join(' ', missing), [new RunScript($"install {string.Join(' ', missing)}", Install, missing)]);
    }
}
