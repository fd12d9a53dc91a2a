using System.Globalization;
using System.Text.RegularExpressions;
using RunnerBuild;
using RunnerBuild.Remote;

/// <summary>All test programs: the one with real hosts, which waits for them most of its time, and beside it the others, one after the other.</summary>
sealed partial class TestRun(string repository)
{
    static string Dotnet => Environment.GetEnvironmentVariable("DOTNET_EXE") ?? "dotnet";

    const string Benchmarks = "Benchmarks", Integration = "Integration", PowerShellVersion = "7.6.9";

    /// <summary>All but the stations that take minutes each.</summary>
    public async Task TestAsync(CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        await PrepareShellsAsync(cancel);
        var names = Directory.GetDirectories(Path.Combine(repository, "tests")).SelectMany(folder => Directory.GetFiles(folder, "*.csproj"))
            .Select(file => Path.GetFileNameWithoutExtension(file)).Where(name => name != Benchmarks).Order().ToLookup(name => name == Integration);
        var counts = await Task.WhenAll(CountAsync(names[true], cancel, "-trait-", "Target=EndToEnd"), CountAsync(names[false], cancel));
        Conclude(counts[0] + counts[1]);
    }

    /// <summary>The stations that take minutes each, and the first, which they stand on.</summary>
    public async Task EndToEndAsync(CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        Conclude(await CountAsync([Integration], cancel, "-trait", "Target=Every", "-trait", "Target=EndToEnd"));
    }

    static void Conclude(Counts total)
    {
        Console.WriteLine(total);
        if (total.Failed > 0)
            throw new RunnerBuildException($"{total.Failed} tests failed.", "Their output is above.", "Correct them and run it again.");
    }

    async Task<Counts> CountAsync(IEnumerable<string> names, CancellationToken cancel, params string[] filter)
    {
        var total = new Counts(0, 0, 0);
        foreach (var name in names)
        {
            var (exitCode, output) = await LocalProcess.RunAsync(Program(name), ["-noColor", .. filter], repository, null, cancel);
            Console.WriteLine(output);
            total += Counts.Of(output, exitCode);
        }

        return total;
    }

    public async Task BenchmarkAsync(CancellationToken cancel)
    {
        await PrepareAsync(cancel);
        if ((await LocalProcess.RunAsync(Program(Benchmarks), [], repository, Console.WriteLine, cancel)).ExitCode != 0)
            throw new RunnerBuildException("The benchmarks did not come to their end.", "Their output is above.", "Correct it and run Benchmark again.");
    }

    async Task PrepareAsync(CancellationToken cancel)
    {
        await CheckAsync("The solution does not compile.", cancel, "build", "RunnerBuild.sln", "-nologo", "-clp:NoSummary", "-v:q", "-nodeReuse:false");
        await CheckAsync("There is no Docker Engine for the tests.", cancel, "exec", Program("Lab") + ".dll", "engine", "--state", Path.Combine(repository, ".nuke", "temp", "engine"));
    }

    /// <summary>The shells that the scripts are for. Where this machine cannot have one, its tests say that they are skipped.</summary>
    async Task PrepareShellsAsync(CancellationToken cancel)
    {
        var tools = Path.Combine(repository, ".nuke", "temp", "tools");
        await LocalProcess.RunAsync(Dotnet, ["exec", Program("Lab") + ".dll", "programs", "fish", "shellcheck", "zsh"], repository, null, cancel);
        if (!File.Exists(Path.Combine(tools, "pwsh")))
            await LocalProcess.RunAsync(Dotnet, ["tool", "install", "PowerShell", "--version", PowerShellVersion, "--tool-path", tools], repository, null, cancel);
        Environment.SetEnvironmentVariable("PATH", $"{Environment.GetEnvironmentVariable("PATH")}{Path.PathSeparator}{tools}");
    }

    string Program(string name) => Path.Combine(repository, "artifacts", "bin", name, "debug", name);

    async Task CheckAsync(string what, CancellationToken cancel, params string[] arguments)
    {
        var (exitCode, output) = await LocalProcess.RunAsync(Dotnet, arguments, repository, null, cancel);
        if (exitCode != 0)
            throw new RunnerBuildException(what, output.Trim(), "Correct it and run Test again.");
    }

    /// <summary>A run that ends badly without saying how many tests failed counts as one that failed.</summary>
    sealed partial record Counts(int Passed, int Failed, int Skipped)
    {
        public static Counts operator +(Counts a, Counts b) => new(a.Passed + b.Passed, a.Failed + b.Failed, a.Skipped + b.Skipped);

        public static Counts Of(string output, int exitCode)
        {
            var numbers = Summary().Match(output).Groups.Values.Skip(1).Select(group => int.TryParse(group.Value, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
            var failed = numbers[1] + numbers[2];
            return new Counts(numbers[0] - failed - numbers[3], failed == 0 && (exitCode != 0 || numbers[0] == 0) ? 1 : failed, numbers[3]);
        }

        public override string ToString() => $"{Passed} passed, {Failed} failed{(Skipped > 0 ? $", {Skipped} skipped" : "")}";

        [GeneratedRegex(@"Total: (\d+), Errors: (\d+), Failed: (\d+), Skipped: (\d+)")]
        private static partial Regex Summary();
    }
}
