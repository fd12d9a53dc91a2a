namespace Lab.Setup;

/// <summary>The package archives that this machine's apt is set up with, in both of apt's formats.</summary>
internal static class AptSources
{
    public static IReadOnlyList<Uri> OfMachine(string directory = "/etc/apt") =>
    [
        .. Files(directory, "*.sources").SelectMany(file => Deb822(File.ReadAllText(file)))
            .Concat(Files(directory, "*.list").SelectMany(file => OneLine(File.ReadAllText(file))))
            .Distinct(),
    ];

    /// <summary>`deb [options] URI suite components`, one a line.</summary>
    public static IEnumerable<Uri> OneLine(string text) =>
        from line in text.Split('\n')
        let words = WithoutOptions(line.Split('#')[0]).Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        where words is ["deb", _, _, ..]
        from uri in Archives(words[1])
        select uri;

    /// <summary>Paragraphs of fields; a comment may stand between any two lines.</summary>
    public static IEnumerable<Uri> Deb822(string text)
    {
        var lines = text.ReplaceLineEndings("\n").Split('\n').Where(line => !line.StartsWith('#'));
        return string.Join('\n', lines).Split("\n\n").SelectMany(Paragraph);
    }

    private static IEnumerable<Uri> Paragraph(string paragraph)
    {
        var fields = Fields(paragraph);
        var enabled = !fields.TryGetValue("Enabled", out var value) || value is not ("no" or "false" or "0" or "off");
        var binaries = fields.TryGetValue("Types", out var types) && types.Split((char[]?)null).Contains("deb");
        return enabled && binaries && fields.TryGetValue("URIs", out var uris) ? Archives(uris) : [];
    }

    // Continuation lines begin with a blank.
    private static Dictionary<string, string> Fields(string paragraph)
    {
        var fields = new Dictionary<string, string>(StringComparer.OrdinalIgnoreCase);
        foreach (var field in paragraph.Replace("\n ", " ").Replace("\n\t", " ").Split('\n'))
            if (field.Split(':', 2) is [var name, var value])
                fields[name.Trim()] = value.Trim();
        return fields;
    }

    private static string WithoutOptions(string line) =>
        line.IndexOf('[') is >= 0 and var open && line.IndexOf(']') is var close && close > open ? line.Remove(open, close - open + 1) : line;

    // Discs and local directories mean nothing inside a container.
    private static IEnumerable<Uri> Archives(string uris) =>
        from text in uris.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
        let uri = Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out var parsed) ? parsed : null
        where uri is { Scheme: "http" or "https", IsLoopback: false }
        select uri;

    private static IEnumerable<string> Files(string directory, string pattern)
    {
        var parts = Path.Combine(directory, "sources.list.d");
        var all = Directory.Exists(parts) ? Directory.EnumerateFiles(parts, pattern).Order() : Enumerable.Empty<string>();
        var main = Path.Combine(directory, "sources.list");
        return pattern == "*.list" && File.Exists(main) ? all.Prepend(main) : all;
    }
}
