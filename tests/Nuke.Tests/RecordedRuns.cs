using System.Text.Json.Nodes;

namespace Nuke.Tests;

/// <summary>Every recorded run of the real engine, replayed. Those that differ on purpose have what they say here in recorded/differs, and a row in docs/nuke-differences.md.</summary>
public class RecordedRuns
{
    // These two need a process and a signal: Processes.
    private static readonly string[] Signals = ["sigint", "sigterm"];

    public static TheoryData<string> Names => [.. RecordedCase.Names.Except(Signals)];

    [Theory]
    [MemberData(nameof(Names))]
    public void A_build_runs_as_recorded_or_differs_on_purpose(string name)
    {
        var recorded = RecordedCase.Read(name);
        using var site = new Site();
        var arguments = RecordedSetup.Apply(recorded, site);

        var result = site.Run(recorded.Build, arguments);

        var shown = $"exit code: {result.ExitCode}\n{RecordedCase.Essence(Comparable(result.Output, site))}";
        var expected = $"exit code: {OurExitCode(recorded, result.ExitCode)}\n{RecordedCase.Essence(recorded.Output.Replace("<tmp>", name == "env-root" ? "<root>/elsewhere" : "<root>", StringComparison.Ordinal))}";
        var differing = Path.Combine(RecordedCase.Folder, "differs", name + ".txt");
        if (Environment.GetEnvironmentVariable("UPDATE_RECORDED") == "1" && shown != expected)
            File.WriteAllText(differing, shown);

        if (File.Exists(differing))
        {
            shown.ShouldBe(File.ReadAllText(differing));
            shown.ShouldNotBe(expected, "It does not differ any more: remove its file from recorded/differs and its row from docs/nuke-differences.md.");
        }
        else
        {
            shown.ShouldBe(expected);
        }
    }

    [Fact]
    public void The_workflow_is_the_recorded_one()
    {
        using var site = new Site();
        site.Write("build.cmd", "");
        site.RunSample("--generate-configuration", "GitHubActions_runners", "--host", "GitHubActions").ExitCode.ShouldBe(0);
        site.Read(".github/workflows/runners.yml").TrimEnd().ShouldBe(File.ReadAllText(Path.Combine(RecordedCase.Folder, "runners.yml")).TrimEnd());
    }

    [Fact]
    public void The_schema_is_the_recorded_one_but_for_what_the_engine_has_of_its_own()
    {
        using var site = new Site();
        site.RunSample("First");
        var own = JsonNode.Parse(site.Read(".nuke/build.schema.json"))!;
        var recorded = JsonNode.Parse(File.ReadAllText(Path.Combine(RecordedCase.Folder, "build.schema.json")))!;
        foreach (var schema in new[] { own, recorded })
        {
            schema["definitions"]!.AsObject().Remove("Host");
            var builtIn = schema["definitions"]!["NukeBuild"]!["properties"]!.AsObject();
            builtIn.Remove("Parallel");
            builtIn["Plan"]!.AsObject().Remove("description");
            schema["allOf"]![0]!["properties"]!["GitHubToken"]!.AsObject().Remove("default").ShouldBeTrue();
        }

        // NUKE lists the values of an enum twice when a nullable parameter has it.
        recorded["definitions"]!["RunnerKind"]!["enum"] = new JsonArray("Container", "Process", "VirtualMachine");
        JsonNode.DeepEquals(own, recorded).ShouldBeTrue($"own:\n{own}\nrecorded:\n{recorded}");
    }

    // 255 is NUKE's for everything; here it is 1 when a target failed, and 2 when it never came to that.
    private static int OurExitCode(RecordedCase recorded, int own) => recorded.ExitCode == 255 && own is 1 or 2 ? own : recorded.ExitCode;

    private static string Comparable(string output, Site site) => output.Replace(site.Root, "<root>", StringComparison.Ordinal);
}
