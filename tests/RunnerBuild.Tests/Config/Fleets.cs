using RunnerBuild.Config;

namespace RunnerBuild.Tests.Config;

/// <summary>Fleet files that exist while a test runs, in a folder of their own.</summary>
internal sealed class FleetFolder : IDisposable
{
    public string Path { get; } = Directory.CreateTempSubdirectory("rbcf-").FullName;

    public string Write(string name, string content)
    {
        var file = System.IO.Path.Combine(Path, name);
        File.WriteAllText(file, content);
        return file;
    }

    public Fleet Read(string yaml) => FleetFile.Read(Write("fleet.yml", yaml));

    public void Dispose() => Directory.Delete(Path, recursive: true);
}

internal static class Fleets
{
    /// <summary>The smallest fleet there is: one organization, one machine.</summary>
    public const string Smallest = """
        github: { org: acme, credential: { env: GITHUB_TOKEN } }
        hosts: { one: { address: one.home.arpa } }
        """;

    public static Fleet Read(string yaml)
    {
        using var folder = new FleetFolder();
        return folder.Read(yaml);
    }

    /// <summary>Without the file's name.</summary>
    public static string[] ProblemsIn(string yaml) =>
        [.. FleetFile.ProblemsIn(yaml, System.IO.Path.GetFullPath("fleet.yml")).Select(problem => $"{problem}"["fleet.yml:".Length..])];
}
