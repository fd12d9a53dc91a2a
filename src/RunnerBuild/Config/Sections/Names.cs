using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>The shapes of names that several sections share.</summary>
internal static class Names
{
    /// <summary>A runner's name holds its host's, and GitHub takes at most 64 characters for the whole.</summary>
    public const string ShortLabelPattern = "^[a-z0-9]([a-z0-9-]{0,30}[a-z0-9])?$";

    public const string ShortLabelExpectation =
        "1 to 32 lower-case letters, digits and hyphens, no hyphen first or last: it becomes a part of the runners' names";

    public static Shape<string> Label { get; } = Texts.Like(
        "a host name without its domain, such as pve1", "^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?$");

    public static Shape<string> Domain { get; } = Texts.Like(
        "a domain, such as home.arpa", @"^[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?(\.[A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?)*$");

    public static Shape<string> ProxmoxName { get; } = Texts.Like(
        "a name as Proxmox VE has it: letters, digits and - _ .", "^[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?$");

    /// <summary>A container image's name without tag and digest, with its registry.</summary>
    public static Shape<string> Repository { get; } = Texts.Like(
        "a repository with its registry and without a tag, such as registry.home.arpa/ci/runner",
        @"^[A-Za-z0-9.-]+(:[0-9]+)?/[a-z0-9]+([._/-]+[a-z0-9]+)*$");

    /// <summary>Reference of a container image: registry, path, tag or digest.</summary>
    public static Shape<string> Image { get; } = Texts.Like(
        "the reference of an image, such as debian:trixie-slim",
        @"^([A-Za-z0-9.-]+(:[0-9]+)?/)?[a-z0-9]+([._/-]+[a-z0-9]+)*(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,127})?(@sha256:[0-9a-f]{64})?$");
}
