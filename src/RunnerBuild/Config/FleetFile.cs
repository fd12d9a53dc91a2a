using RunnerBuild.Config.Sections;
using RunnerBuild.Config.Yaml;
using YamlDotNet.Core;

namespace RunnerBuild.Config;

/// <summary>Reads a fleet file into one checked record. Errors: <see cref="ConfigurationException"/> with every problem at once.</summary>
internal static class FleetFile
{
    private const string Example = "homelab.example.yml";

    public static Fleet Read(string path) => Read(path, beforeLab: false);

    /// <summary>
    /// The fleet as it is before its lab is up: the whole file is checked, so that no lab is brought up for a fleet that cannot be used;
    /// only the files that the lab itself makes need not be there yet.
    /// </summary>
    public static Fleet ReadBeforeLab(string path) => Read(path, beforeLab: true);

    /// <summary>Every problem in the text of a fleet file; none when it can be used.</summary>
    /// <param name="file">Absolute path that the text is from or could be from.</param>
    public static IReadOnlyList<Problem> ProblemsIn(string text, string file) => Parse(text, file, beforeLab: false).Problems;

    private static Fleet Read(string path, bool beforeLab)
    {
        var file = Path.GetFullPath(path);
        var (fleet, problems) = Parse(TextOf(file), file, beforeLab);
        return problems.Count == 0 ? fleet! : throw new ConfigurationException(
            what: $"{Reading.NameForPeople(file)} has {problems.Count} {(problems.Count == 1 ? "problem" : "problems")}.",
            why: string.Join("\n       ", problems),
            fix: $"Correct the file and run the same again; {Example} shows every key.");
    }

    private static (Fleet? Fleet, IReadOnlyList<Problem> Problems) Parse(string text, string file, bool beforeLab)
    {
        var reading = new Reading(file);
        try
        {
            var root = NodeComposer.Compose(text);
            if (root is null or Node.Scalar { IsNull: true })
                reading.Add(root?.Start ?? new Mark(0, 1, 1), "", $"is empty; a fleet has at least github and hosts, see {Example}");
            else
                return (FleetSection.Read(new Place(root, "", reading), beforeLab), reading.Problems);
        }
        catch (YamlException fault)
        {
            reading.Add(fault.Start, "", $"cannot be read: {fault.Message}");
        }
        return (null, reading.Problems);
    }

    private static string TextOf(string file)
    {
        try
        {
            return SmallFile.Read(file);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new ConfigurationException(
                what: $"The fleet file {Reading.NameForPeople(file)} cannot be read.",
                why: Directory.Exists(file) ? "It is a folder." : File.Exists(file) ? fault.Message : "There is no such file.",
                fix: $"Name one with --fleet FILE; {Fleets(Directory.Exists(file) ? file : Path.GetDirectoryName(file))}.");
        }
    }

    private static string Fleets(string? folder)
    {
        string[] fleets = Directory.Exists(folder)
            ? [.. Directory.EnumerateFiles(folder, "*.yml").Order().Take(10).Select(Reading.NameForPeople)] : [];
        return fleets.Length == 0 ? $"{Example} beside the project's own fleets is one to begin with"
            : $"there are {string.Join(", ", fleets)}";
    }
}
