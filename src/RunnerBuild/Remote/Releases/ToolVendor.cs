using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerBuild.Remote.Releases;

/// <summary>Where the vendor of a tool tells its newest release and the hashes of what can be downloaded; `tools/NAME.sh` downloads from the same place.</summary>
/// <param name="Newest">What tells the newest release.</param>
/// <param name="VersionIn">The version in that answer, with or without a `v` before it.</param>
/// <param name="Sums">Hashes of files, as `sha256sum` writes them or one alone; {version} and {arch} are filled in.</param>
/// <param name="File">Name of the download.</param>
/// <param name="Architectures">What the vendor calls `x64` and `arm64`.</param>
internal sealed record ToolVendor(string Name, string Newest, Func<string, string?> VersionIn, string Sums, string File, (string X64, string Arm64) Architectures)
{
    private static readonly (string, string) Go = ("amd64", "arm64");

    public static readonly ImmutableArray<ToolVendor> All =
    [
        new("gh", "https://api.github.com/repos/cli/cli/releases/latest", body => Property(body, "tag_name"),
            "https://github.com/cli/cli/releases/download/v{version}/gh_{version}_checksums.txt", "gh_{version}_linux_{arch}.tar.gz", Go),
        new("helm", "https://get.helm.sh/helm-latest-version", body => body.Trim(),
            "https://get.helm.sh/helm-v{version}-linux-{arch}.tar.gz.sha256sum", "helm-v{version}-linux-{arch}.tar.gz", Go),
        new("kubectl", "https://dl.k8s.io/release/stable.txt", body => body.Trim(),
            "https://dl.k8s.io/release/v{version}/bin/linux/{arch}/kubectl.sha256", "kubectl", Go),
        new("node", "https://nodejs.org/dist/index.json", NewestOfLongSupport,
            "https://nodejs.org/dist/v{version}/SHASUMS256.txt", "node-v{version}-linux-{arch}.tar.xz", ("x64", "arm64")),
        new("terraform", "https://api.releases.hashicorp.com/v1/releases/terraform/latest", body => Property(body, "version"),
            "https://releases.hashicorp.com/terraform/{version}/terraform_{version}_SHA256SUMS", "terraform_{version}_linux_{arch}.zip", Go),
    ];

    private static string? Property(string body, string name)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.GetProperty(name).GetString();
    }

    // Newest first; `lts` is false, or the line's name.
    private static string? NewestOfLongSupport(string body)
    {
        using var json = JsonDocument.Parse(body);
        return json.RootElement.EnumerateArray().Where(release => release.GetProperty("lts").ValueKind == JsonValueKind.String)
            .Select(release => release.GetProperty("version").GetString()).FirstOrDefault();
    }
}
