using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>Environment variables and build arguments by name.</summary>
internal static class Variables
{
    private static readonly Shape<string> Value = Texts.Loose("text on one line", "^[^\\r\\n]*$")
        .Unless(Node.LooksSecret().IsMatch, "that is a secret, and any job could read it; withdraw it, and use a secret of the workflow");

    public static Shape<ImmutableSortedDictionary<string, string>> Shape { get; } = new MapOf<string>(
            "^(?!RUNNERBUILD_)[A-Za-z_][A-Za-z0-9_]*$", "letters, digits and underscores, no digit first, and not begin with RUNNERBUILD_",
                Value, 0, 200)
        .As((variables, _) => ImmutableSortedDictionary.CreateRange(
            StringComparer.Ordinal, variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value))));
}
