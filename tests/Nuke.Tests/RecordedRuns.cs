using System.Runtime.CompilerServices;

namespace Nuke.Tests;

/// <summary>Runs of the sample build with the real engine, word for word but for the deliberate differences: exit codes, masked secrets, readable requirements.</summary>
public class RecordedRuns
{
    public static TheoryData<string> Names => [.. Directory.GetFiles(Folder(), "*.txt").Select(x => Path.GetFileNameWithoutExtension(x)!).Order()];

    [Theory]
    [MemberData(nameof(Names))]
    public void The_sample_build_behaves_as_recorded(string name)
    {
        var recorded = File.ReadAllText(Path.Combine(Folder(), name + ".txt")).Split("---------- stdout\n");
        var head = recorded[0].Split('\n');
        using var site = new Site();
        foreach (var pair in Words(head[1]["env: ".Length..]))
            site.Environment[pair.Split('=')[0]] = pair.Split('=')[1];

        var result = site.RunSample([.. Words(head[0]["command: _build ".Length..])]);

        result.Output.ShouldBe(recorded[1]);
        result.ExitCode.ShouldBe(int.Parse(head[2]["exit code: ".Length..], null));
    }

    private static IEnumerable<string> Words(string text) =>
        text.Split('\'').SelectMany((part, i) => i % 2 == 1 ? [part] : part.Split(' ', StringSplitOptions.RemoveEmptyEntries))
            .Aggregate(new List<string>(), (words, word) =>
            {
                if (words.Count > 0 && words[^1].EndsWith('=') && !word.Contains('='))
                    words[^1] += word;
                else
                    words.Add(word);
                return words;
            });

    private static string Folder([CallerFilePath] string path = "") => Path.Combine(Path.GetDirectoryName(path)!, "recorded");
}
