using System.Text.RegularExpressions;
using RunnerBuild;
using RunnerBuild.Remote;

/// <summary>All test projects, one after the other, since those with real hosts want the machine for themselves.</summary>
sealed class TestRun(string repository)
{
    static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_EXE") ?? "dotnet";

    public async Task ExecuteAsync(CancellationToken cancel)
    {
        await CheckAsync("The solution does not compile.", "build", "RunnerBuild.sln", "-nologo", "-clp:NoSummary", "-v:q", "-nodeReuse:false");
        await CheckAsync(
            "There is no Docker Engine for the tests.", "exec", Path.Combine(repository, "artifacts", "bin", "Lab", "debug", "Lab.dll"), "engine", "--state",
            Path.Combine(repository, ".nuke", "temp", "engine"));
        var (passed, failed, skipped) = (0, 0, 0);
        foreach (var project in Directory.GetDirectories(Path.Combine(repository, "tests"), "*").Select(Path.GetFileName).Order())
        {
            var program = Path.Combine(repository, "artifacts", "bin", project, "debug", $"{project}.dll");
            if (!File.Exists(program))
                continue;
            Console.WriteLine($"{project}");
            var (exitCode, output) = await LocalProcess.RunAsync(Dotnet, ["exec", program], repository, Console.WriteLine, cancel);
            passed += Count(output, "succeeded");
            failed += Count(output, "failed") is var count && count == 0 && exitCode != 0 ? 1 : count;
            skipped += Count(output, "skipped");
        }

        Console.WriteLine(skipped == 0 ? $"{passed} passed, {failed} failed" : $"{passed} passed, {failed} failed, {skipped} skipped");
        if (failed > 0)
            throw new RunnerBuildException($"{failed} tests failed.", "See above.", "Correct them and run Test again.");
    }

    async Task CheckAsync(string what, params string[] arguments)
    {
        var (exitCode, output) = await LocalProcess.RunAsync(Dotnet, arguments, repository, null, CancellationToken.None);
        if (exitCode != 0)
            throw new RunnerBuildException(what, output.Trim(), "Correct it and run Test again.");
    }

    // Of the summary that each test program ends with.
    static int Count(string output, string kind) =>
        Regex.Matches(output, $@"^\s+{kind}: (\d+)", RegexOptions.Multiline).Sum(match => int.Parse(match.Groups[1].Value, System.Globalization.CultureInfo.InvariantCulture));
}
