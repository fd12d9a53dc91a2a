namespace RunnerBuild;

/// <summary>Files of the project that travel inside the program: scripts, units, templates.</summary>
internal static class EmbeddedText
{
    /// <param name="name">File name; unique in the project.</param>
    public static string Read(string name)
    {
        var assembly = typeof(EmbeddedText).Assembly;
        using var stream = assembly.GetManifestResourceStream(name) ?? throw new FileNotFoundException($"{name} is not embedded in {assembly.GetName().Name}.");
        using var reader = new StreamReader(stream);
        return reader.ReadToEnd();
    }
}
