using System.Text;

namespace Nuke.Common.Parameters;

/// <summary>The spellings of a name: GitHubToken, --github-token, GITHUB_TOKEN.</summary>
internal static class Names
{
    private static readonly string[] Whole =
        ["DotNet", "GitHub", "GitVersion", "MSBuild", "NuGet", "ReSharper", "AppVeyor", "TeamCity", "GitLab", "SignPath", "JetBrains"];

    /// <summary>What two spellings of one name have in common: letters and digits, in lower case.</summary>
    public static string Key(string name) => string.Concat(name.Where(char.IsLetterOrDigit).Select(char.ToLowerInvariant));

    public static string Dashed(string name)
    {
        var dashed = new StringBuilder();
        for (var i = 0; i < name.Length;)
        {
            var known = Whole.FirstOrDefault(word => string.CompareOrdinal(name, i, word, 0, word.Length) == 0);
            if (dashed.Length > 0 && dashed[^1] != '-' && (known != null || StartsHump(name, i)))
                dashed.Append('-');
            dashed.Append((known ?? name[i].ToString()).ToLowerInvariant());
            i += known?.Length ?? 1;
        }

        return dashed.ToString();
    }

    /// <summary>Git Hub Token, with known words kept whole: GitHub Token.</summary>
    public static string Spaced(string name)
    {
        var at = 0;
        return string.Join(' ', Dashed(name).Split('-').Select(part => name[at..(at += part.Length)]));
    }

    public static string Variable(string name) => Dashed(name).Replace('-', '_').ToUpperInvariant();

    private static bool StartsHump(string name, int i) =>
        char.IsUpper(name[i]) && (!char.IsUpper(name[i - 1]) || (i + 1 < name.Length && char.IsLower(name[i + 1])));
}
