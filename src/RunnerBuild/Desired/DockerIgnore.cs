using System.Text;
using System.Text.RegularExpressions;

namespace RunnerBuild.Desired;

/// <summary>
/// The rules of a .dockerignore: each pattern is anchored at the context, matches a path or a folder above it, and the last that
/// matches decides; https://docs.docker.com/build/concepts/context/#dockerignore-files.
/// </summary>
internal sealed class DockerIgnore
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(1);
    private readonly List<(Regex Pattern, bool Excludes)> _rules = [];

    public DockerIgnore(IEnumerable<string> lines)
    {
        foreach (var line in lines.Where(line => !line.StartsWith('#')).Select(line => line.Trim()))
        {
            var excludes = !line.StartsWith('!');
            var segments = (excludes ? line : line[1..].Trim()).Split('/').Where(segment => segment is not ("" or ".")).ToList();
            if (segments.Count > 0)
                _rules.Add((new Regex($"^{Expression(string.Join('/', segments))}(/|$)", RegexOptions.CultureInvariant | RegexOptions.Singleline, Patience), excludes));
        }
    }

    /// <param name="path">Relative to the context, with slashes.</param>
    public bool Excludes(string path) => _rules.LastOrDefault(rule => rule.Pattern.IsMatch(path)).Excludes;

    private static string Expression(string pattern)
    {
        var expression = new StringBuilder();
        for (var at = 0; at < pattern.Length; at++)
        {
            var rest = pattern.AsSpan(at);
            if (rest.StartsWith("**/", StringComparison.Ordinal))
            {
                expression.Append("(.*/)?");
                at += 2;
            }
            else if (rest.StartsWith("**", StringComparison.Ordinal))
            {
                expression.Append(".*");
                at++;
            }
            else if (rest[0] == '[' && rest.IndexOf(']') is > 1 and var end)
            {
                expression.Append('[').Append(rest[1..end].ToString().Replace("\\", "\\\\", StringComparison.Ordinal)).Append(']');
                at += end;
            }
            else if (rest[0] == '\\' && rest.Length > 1)
                expression.Append(Regex.Escape(pattern[++at].ToString()));
            else
                expression.Append(rest[0] switch { '*' => "[^/]*", '?' => "[^/]", var other => Regex.Escape(other.ToString()) });
        }

        return expression.ToString();
    }
}
