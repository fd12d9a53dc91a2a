using System.Collections.Immutable;
using System.Globalization;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>Environment variables and build arguments by name.</summary>
internal static class Variables
{
    private static readonly Shape<string> Value = Texts.Loose("text on one line", "^[^\\r\\n]*$")
        .Unless(Node.LooksSecret().IsMatch, "that is a secret, and any job could read it; withdraw it, and use a secret of the workflow");

    // What the image's entrypoint itself reads, and a pool may say.
    private const string EngineSeconds = "RUNNERBUILD_DOCKER_SECONDS";
    // The supervisor gives a runner three minutes to listen, its engine's start included.
    private const int MostSeconds = 150;
    private const string Name = "(?!RUNNERBUILD_)[A-Za-z_][A-Za-z0-9_]*";
    private const string NameInWords = "letters, digits and underscores, no digit first, and not begin with RUNNERBUILD_";

    public static Shape<ImmutableSortedDictionary<string, string>> Shape { get; } =
        new MapOf<string>($"^{Name}$", NameInWords, Value, 0, 200).As((variables, _) => Sorted(variables));

    public static Shape<ImmutableSortedDictionary<string, string>> OfJobs { get; } = new MapOf<string>(
            $"^({Name}|{EngineSeconds})$", $"{NameInWords}, but for {EngineSeconds}", Value, 0, 200)
        .As((ImmutableArray<Named<string>> variables, Place at, out ImmutableSortedDictionary<string, string> sorted) =>
        {
            sorted = Sorted(variables);
            if (!sorted.TryGetValue(EngineSeconds, out var seconds) || (int.TryParse(seconds, NumberStyles.None, CultureInfo.InvariantCulture, out var number) && number is >= 1 and <= MostSeconds))
                return true;
            var said = (at.Node as Node.Map)?.Entries.FirstOrDefault(entry => entry.Key.Value == EngineSeconds)?.Value ?? at.Node;
            at.Below(EngineSeconds, said).Should($"be a whole number of seconds from 1 to {MostSeconds}");
            return false;
        });

    private static ImmutableSortedDictionary<string, string> Sorted(ImmutableArray<Named<string>> variables) =>
        ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, variables.Select(variable => KeyValuePair.Create(variable.Name, variable.Value)));
}
