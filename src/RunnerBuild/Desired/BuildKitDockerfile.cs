using System.Text.RegularExpressions;

namespace RunnerBuild.Desired;

/// <summary>
/// A Dockerfile as BuildKit gets it. The classic builder refuses what only BuildKit understands, so that stands in a comment
/// `# BuildKit: --mount=…` above the RUN it belongs to, and is put in here: one file, and one recipe, for both.
/// </summary>
internal static partial class BuildKitDockerfile
{
    public static string Of(string dockerfile) => Options().Replace(dockerfile, "$1\nRUN $2 ");

    [GeneratedRegex(@"^(# BuildKit: (--[^\r\n]*?))[ \t]*\r?\nRUN[ \t]+", RegexOptions.Multiline | RegexOptions.CultureInvariant)]
    private static partial Regex Options();
}
