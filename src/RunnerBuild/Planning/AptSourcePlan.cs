using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote;

namespace RunnerBuild.Planning;

internal static class AptSourcePlan
{
    private static readonly string FetchKey = EmbeddedText.Read("apt-update.sh") + """
        set -eu
        export DEBIAN_FRONTEND=noninteractive
        command -v curl >/dev/null && command -v gpg >/dev/null || {
          apt_update
          apt-get -o DPkg::Lock::Timeout=600 -qy install --no-install-recommends ca-certificates curl gpg
        }
        mkdir -p "$(dirname "$1")"
        draft=$(mktemp) && trap 'rm -f "$draft"' EXIT
        curl -fsSL --retry 3 "https://download.docker.com/linux/$2/gpg" -o "$draft"
        gpg --batch --show-keys --with-colons "$draft" | grep -q "^fpr:::::::::$3:" ||
          { echo "the key that came from download.docker.com does not have the fingerprint $3" >&2; exit 1; }
        install -m 0644 "$draft" "$1"
        """;

    public static IEnumerable<Change> Diff(AptSource wanted, HostFacts facts, string nonce)
    {
        var files = facts.Files;
        var others = facts.DockerSources.Remove(wanted.Sources);
        if (!others.IsEmpty)
        {
            // Two entries for one repository with different keys, and apt reads no lists at all any more.
            yield return new Change(
                wanted.Id, "source", string.Join(", ", others), wanted.Sources, [],
                Refusal: $"Another file names Docker's repository. Install the missing packages from it (`apt-get install {string.Join(' ', EnginePackages.Of(EngineSource.Docker, wanted.System))}`), or remove it.");
            yield break;
        }

        if (!files.ContainsKey(wanted.Key))
            yield return new Change(
                wanted.Id, "key", null, AptSource.Fingerprint[^16..],
                [new RunScript("fetch Docker's signing key", FetchKey, [wanted.Key, wanted.System.Id, AptSource.Fingerprint])]);
        foreach (var change in FilePlan.Diff(new HostFile(wanted.Sources, new FileContent.Plain(wanted.Content)), files.GetValueOrDefault(wanted.Sources), nonce))
            yield return change;
    }
}
