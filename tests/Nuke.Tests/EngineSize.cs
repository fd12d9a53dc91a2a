using System.Runtime.CompilerServices;

namespace Nuke.Tests;

/// <summary>The engine stays small enough to be read.</summary>
public class EngineSize
{
    [Fact]
    public void It_stays_below_its_limit_and_each_file_has_one_subject()
    {
        var files = Directory.GetFiles(Path.Combine(Here(), "..", "..", "src", "Nuke"), "*.cs", SearchOption.AllDirectories).Select(File.ReadAllLines).ToList();
        files.Count.ShouldBeGreaterThan(50);
        files.Max(x => x.Length).ShouldBeLessThanOrEqualTo(250);
        files.Sum(lines => lines.Count(IsCode)).ShouldBeLessThanOrEqualTo(3250);
    }

    private static bool IsCode(string line) => line.Trim() is { Length: > 0 } text && text is not ("{" or "}" or "};" or "[" or "]" or "#nullable disable") && !text.StartsWith("using ", StringComparison.Ordinal) && !text.StartsWith("namespace ", StringComparison.Ordinal) && !text.StartsWith("//", StringComparison.Ordinal);

    private static string Here([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
