using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;

namespace RunnerBuild.Config.Yaml;

/// <summary>The shapes of files that a fleet names, and of lines that may stand in the fleet or in such a file.</summary>
internal static class Files
{
    /// <summary>Absolute path of a file that need not be there.</summary>
    public static Shape<string> AnyPath { get; } =
        Texts.Like("a path, relative to this file's folder or absolute; ~/ is the home directory", @"\S")
            .As((path, at) => at.Reading.Resolve(path));

    private static readonly Key<string> File = new(
        "file", "File with one such line or several; relative to the fleet file", AnyPath) { Required = true };

    /// <summary>A list of lines of one form, each written out or taken from a file as `{ file: path }`.</summary>
    /// <param name="expectation">`a public key such as …`.</param>
    public static Shape<ImmutableArray<string>> Lines(string expectation, [StringSyntax(StringSyntaxAttribute.Regex)] string pattern)
    {
        var line = Texts.Like(expectation, pattern).Unless(
            text => text.Contains("PRIVATE KEY", StringComparison.Ordinal),
            "this is a private key, which must not be in a fleet file; remove it and make a new one");
        var isLine = Texts.Form(pattern);
        var fromFile = new Section("linesFromFile", "Lines from a file", File).As(
            (Settings settings, Place at, out ImmutableArray<string> lines) => TryRead(settings, expectation, isLine, out lines));
        return new ListOf<ImmutableArray<string>>(
            new Either<ImmutableArray<string>>(line.As((text, _) => ImmutableArray.Create(text)), fromFile), 0, 100)
            .As((parts, _) => parts.SelectMany(part => part).ToImmutableArray());
    }

    private static bool TryRead(Settings settings, string expectation, Predicate<string> isLine, out ImmutableArray<string> lines)
    {
        lines = [];
        var at = settings.PlaceOf(File);
        if (settings.Get(File) is not { } path)
            return false;
        if (at.Reading.FilesMayBeMissing && !System.IO.File.Exists(path))
            return true;

        try
        {
            lines = [.. SmallFile.Read(path).Split('\n', StringSplitOptions.TrimEntries).Where(line => line.Length > 0 && line[0] != '#')];
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            at.Say($"names a file that is not there: {Reading.NameForPeople(path)}");
            return false;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            at.Say($"names a file that cannot be read: {fault.Message}");
            return false;
        }
        if (lines.Length > 0 && lines.All(line => isLine(line)))
            return true;

        var seen = lines.Length == 0 ? "it has none" : "not all are";
        at.Say($"names a file, {Reading.NameForPeople(path)}, whose lines should each be {expectation}; {seen}");
        return false;
    }
}
