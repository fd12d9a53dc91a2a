namespace RunnerBuild.Remote;

/// <summary>The supervisor, built on this machine for a host's architecture; built again only when its source is newer.</summary>
internal static class SupervisorProgram
{
    private const string Name = "github-docker-runners";
    private static readonly SemaphoreSlim OneAtATime = new(1);

    /// <param name="repository">The project's root folder.</param>
    /// <param name="architecture">`x64` or `arm64`.</param>
    /// <returns>Path of the program.</returns>
    public static async Task<string> BuildAsync(string repository, string architecture, Action<string> line, CancellationToken cancel)
    {
        var folder = Path.Combine(repository, "artifacts", "supervisor", $"linux-{architecture}");
        var program = Path.Combine(folder, Name);
        await OneAtATime.WaitAsync(cancel);
        try
        {
            if (IsCurrent(program, repository))
                return program;
            // Moved into place when it is whole: a program that was cut short would look newer than its sources.
            var draft = $"{folder}.new";
            line($"building the supervisor for linux-{architecture}");
            // Analyzers speak to developers, not to who deploys, and take their time.
            string[] arguments = ["publish", Path.Combine(repository, "src", "Supervisor"), "--runtime", $"linux-{architecture}", "--output", draft, "-p:RunAnalyzers=false", "-nologo", "-v:q", "-nodeReuse:false"];
            var (exitCode, output) = await LocalProcess.RunAsync(Environment.GetEnvironmentVariable("DOTNET_EXE") ?? "dotnet", arguments, repository, null, cancel);
            if (exitCode != 0)
                throw new RunnerBuildException(
                    "The supervisor could not be built.", string.Join('\n', output.TrimEnd().Split('\n').TakeLast(12)), "Correct what the compiler says; nothing was deployed.");
            Directory.CreateDirectory(folder);
            File.SetLastWriteTimeUtc(Path.Combine(draft, Name), DateTime.UtcNow);
            File.Move(Path.Combine(draft, Name), program, overwrite: true);
            Directory.Delete(draft, recursive: true);
            return program;
        }
        finally
        {
            OneAtATime.Release();
        }
    }

    public static Task<byte[]> ReadAsync(string program, CancellationToken cancel) => File.ReadAllBytesAsync(program, cancel);

    private static bool IsCurrent(string program, string repository) =>
        File.Exists(program) && Inputs(repository).All(input => File.GetLastWriteTimeUtc(input) <= File.GetLastWriteTimeUtc(program));

    private static IEnumerable<string> Inputs(string repository) =>
        Directory.EnumerateFiles(Path.Combine(repository, "src", "Supervisor"), "*", SearchOption.AllDirectories)
            .Concat(["Directory.Build.props", "Directory.Packages.props"]).Select(file => Path.Combine(repository, file));
}
