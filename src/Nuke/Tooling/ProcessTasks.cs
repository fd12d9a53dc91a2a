#nullable disable
using System.Diagnostics;
using Nuke.Common.Utilities;
using Serilog;
using Serilog.Events;

namespace Nuke.Common.Tooling;

/// <summary>Starts programs. Their lines are logged: standard output at debug level, error output as errors.</summary>
public static class ProcessTasks
{
    public static bool DefaultLogOutput { get; set; } = true;
    public static bool DefaultLogInvocation { get; set; } = true;

    public static IProcess StartShell(
        string command,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<string, string> outputFilter = null)
    {
        var (shell, option) = EnvironmentInfo.IsWin ? ("cmd", "/c") : ("bash", "-c");
        return StartProcess(
            ToolPathResolver.GetPathExecutable(shell), $"{option} {command.DoubleQuote()}",
            workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger, outputFilter);
    }

    public static IProcess StartProcess(
        string toolPath,
        ArgumentStringHandler arguments,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null) =>
        StartProcess(
            toolPath, arguments.ToStringAndClear(), workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger, arguments.GetFilter());

    /// <param name="environmentVariables">Takes the place of the inherited environment.</param>
    /// <param name="timeout">In milliseconds.</param>
    public static IProcess StartProcess(
        string toolPath,
        string arguments = null,
        string workingDirectory = null,
        IReadOnlyDictionary<string, string> environmentVariables = null,
        int? timeout = null,
        bool? logOutput = null,
        bool? logInvocation = null,
        Action<OutputType, string> logger = null,
        Func<string, string> outputFilter = null)
    {
        if (!toolPath.NotNull().Contains(Path.DirectorySeparatorChar))
            toolPath = ToolPathResolver.GetPathExecutable(toolPath);
        if (toolPath.EndsWith(".dll", StringComparison.OrdinalIgnoreCase))
            (toolPath, arguments) = (DotNet(), $"{toolPath.DoubleQuoteIfNeeded()} {arguments}".TrimEnd());

        var start = new ProcessStartInfo(toolPath, arguments ?? "") { WorkingDirectory = workingDirectory ?? EnvironmentInfo.WorkingDirectory };
        Assert.FileExists(toolPath);
        Assert.DirectoryExists(start.WorkingDirectory);
        if (environmentVariables != null)
        {
            start.Environment.Clear();
            foreach (var (name, value) in environmentVariables)
                start.Environment[name] = value;
        }

        outputFilter ??= text => text;
        if (logInvocation ?? DefaultLogInvocation)
        {
            Log.Information("> {ToolPath:l} {Arguments:l}", toolPath.DoubleQuoteIfNeeded(), outputFilter(start.Arguments));
            Log.Write(workingDirectory is null ? LogEventLevel.Verbose : LogEventLevel.Information, "@ {WorkingDirectory:l}", start.WorkingDirectory);
        }

        return new RunningProcess(start, timeout, logOutput ?? DefaultLogOutput ? logger ?? DefaultLogger : null, outputFilter);
    }

    // The text is no template: what a program writes may hold braces.
    public static void DefaultLogger(OutputType type, string output) =>
        Log.Write(type == OutputType.Std ? LogEventLevel.Debug : LogEventLevel.Error, "{Output:l}", output);

    private static string DotNet() =>
        EnvironmentInfo.GetVariable("DOTNET_EXE") is { Length: > 0 } given ? given : ToolPathResolver.GetPathExecutable("dotnet");
}
