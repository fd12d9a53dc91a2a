using Lab.Runner.Listening;

namespace Lab.Runner;

/// <summary>The official program's commands; flags may come from `ACTIONS_RUNNER_INPUT_NAME` too.</summary>
internal static class CommandLine
{
    private const string EnvironmentPrefix = "ACTIONS_RUNNER_INPUT_";

    public static async Task<int> RunAsync(string[] args)
    {
        var root = RunnerRoot.OfThisProgram();
        if (args.Contains("--version"))
            return Print(RunnerVersion.Number);
        if (args.Contains("--commit"))
            return Print(RunnerVersion.Commit);
        if (args.Contains("--help"))
            return Print("Commands: run [--jitconfig TEXT] [--once], --version, --commit, --help");

        RefuseRoot();
        return args.FirstOrDefault(arg => !arg.StartsWith('-')) switch
        {
            "configure" or "remove" => throw new RunnerFailure(
                "Registering and removing are not supported by the stand-in: start it with a just-in-time configuration (run --jitconfig).",
                ExitCode.Terminated),
            "warmup" => ExitCode.Done,
            _ => await ListenAsync(root, args),
        };
    }

    private static async Task<int> ListenAsync(RunnerRoot root, string[] args)
    {
        if (Value(args, "jitconfig") is { } configuration)
            JitConfiguration.Unpack(configuration, root);
        ForgetInputs();
        var settings = RunnerSettings.Read(root);
        using var credentials = RunnerCredentials.Read(root);
        using var diagnostics = root.Diagnostics("Runner");
        using var shutdown = new Shutdown();
        using var client = new ServiceClient();
        return await new Listener(root, settings, client, diagnostics, shutdown).RunAsync(credentials, once: Flag(args, "once"));
    }

    /// <summary>What a job could otherwise read in its environment.</summary>
    private static void ForgetInputs()
    {
        foreach (var name in Environment.GetEnvironmentVariables().Keys.Cast<string>().Where(n => n.StartsWith(EnvironmentPrefix, StringComparison.OrdinalIgnoreCase)))
            Environment.SetEnvironmentVariable(name, null);
    }

    private static string? Value(string[] args, string name)
    {
        var at = Array.IndexOf(args, $"--{name}");
        var given = at >= 0 && at + 1 < args.Length ? args[at + 1] : Environment.GetEnvironmentVariable(EnvironmentPrefix + name.ToUpperInvariant());
        return string.IsNullOrEmpty(given) ? null : given;
    }

    private static bool Flag(string[] args, string name) =>
        args.Contains($"--{name}") || Environment.GetEnvironmentVariable(EnvironmentPrefix + name.ToUpperInvariant()) is { Length: > 0 };

    private static void RefuseRoot()
    {
        if (Environment.IsPrivilegedProcess && string.IsNullOrEmpty(Environment.GetEnvironmentVariable("RUNNER_ALLOW_RUNASROOT")))
            throw new RunnerFailure("Must not run interactively with sudo", ExitCode.Terminated);
    }

    private static int Print(string line)
    {
        Console.WriteLine(line);
        return ExitCode.Done;
    }
}
