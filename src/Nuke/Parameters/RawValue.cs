namespace Nuke.Common.Parameters;

/// <summary>Text given for an option, before conversion.</summary>
/// <param name="Source">Where it was given, as a person would name it.</param>
/// <param name="IsSplit">Whether the elements of a list are apart already.</param>
internal sealed record RawValue(string Source, IReadOnlyList<string> Texts, Origin Origin, bool IsSplit = false)
{
    /// <summary>The profile in whose file it stands; null for .nuke/parameters.json.</summary>
    public string? Profile { get; init; }

    /// <summary>Whether the only text is a JSON object.</summary>
    public bool IsObject { get; init; }
}

internal enum Origin
{
    CommandLine,
    Environment,
    File,
}
