namespace Lab;

/// <summary>
/// What programs get of this one's environment. Some outlive it by far, such as a dockerd that a package's installation starts,
/// and the shell may hold secrets that are none of their business.
/// </summary>
internal static class Inherited
{
    private static readonly string[] Names = ["PATH", "HOME", "USER", "LOGNAME", "LANG", "TZ", "TERM", "TMPDIR"];
    private static readonly string[] Prefixes = ["LC_", "XDG_", "DOTNET_", "NUGET", "DOCKER_", "SSL_CERT_"];

    public static bool IsHarmless(string name) =>
        Names.Contains(name) || Prefixes.Any(prefix => name.StartsWith(prefix, StringComparison.OrdinalIgnoreCase)) || name.EndsWith("_proxy", StringComparison.OrdinalIgnoreCase);
}
