using System.Text.RegularExpressions;

namespace Integration.Running;

/// <summary>A job's search for secrets in all that it reaches.</summary>
internal static partial class SecretSearch
{
    private static readonly string Search = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Running", "search-job.sh"));

    /// <summary>What the search itself has planted, and therefore finds.</summary>
    public static readonly string[] Planted = ["control", "/home/runner/planted", "cmdline of sleep"];

    /// <summary>Command of a host that tells what listens there.</summary>
    public const string Ports = "ss -Htln | awk '{ print $4 }' | sed 's/.*://' | sort -un | tr '\\n' ' '";

    /// <param name="address">The job's host.</param>
    /// <param name="ports">What <see cref="Ports"/> has told.</param>
    public static string Script(string address, string ports, params IEnumerable<string> secrets) =>
        $"HALVES='{string.Join(' ', secrets.Select(secret => $"{secret[..8]} {secret[8..]}"))}' GATEWAY={address} PORTS='{ports.Trim()}'\n{Search}";

    /// <summary>Where there is one. (A log begins with the script.)</summary>
    public static IEnumerable<string> FoundIn(string log) => Found().Matches(log).Select(match => match.Groups[1].Value.Trim());

    [GeneratedRegex(@"^(?:\S+Z )?found in (.+)$", RegexOptions.Multiline)]
    private static partial Regex Found();
}
