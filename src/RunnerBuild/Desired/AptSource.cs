using OperatingSystem = RunnerBuild.Facts.OperatingSystem;

namespace RunnerBuild.Desired;

/// <summary>Docker's own package repository, with its signing key checked by fingerprint.</summary>
internal sealed record AptSource(string Sources, string Key, OperatingSystem System) : HostResource
{
    /// <summary>Of Docker's release key: https://docs.docker.com/engine/install/debian/.</summary>
    public const string Fingerprint = "9DC858229FC7DD38854AE2D88D81803C0EBFCD88";

    public override string Id => "apt/docker";

    public string Content => $"""
        Types: deb
        URIs: https://download.docker.com/linux/{System.Id}
        Suites: {System.Codename}
        Components: stable
        Signed-By: {Key}

        """;
}
