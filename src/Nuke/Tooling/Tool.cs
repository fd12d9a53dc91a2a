#nullable disable
namespace Nuke.Common.Tooling;

/// <summary>Runs a program with these arguments to its end and returns what it wrote; an exit code other than zero is an error.</summary>
public delegate IReadOnlyCollection<Output> Tool(
    ArgumentStringHandler arguments,
    string workingDirectory = null,
    IReadOnlyDictionary<string, string> environmentVariables = null,
    int? timeout = null,
    bool? logOutput = null,
    bool? logInvocation = null,
    Action<OutputType, string> logger = null,
    Action<IProcess> exitHandler = null);

public static class ToolResolver
{
    public static Tool GetTool(string toolPath)
    {
        Assert.FileExists(toolPath);
        return (arguments, workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger, exitHandler) =>
        {
            var process = ProcessTasks.StartProcess(toolPath, arguments, workingDirectory, environmentVariables, timeout, logOutput, logInvocation, logger);
            (exitHandler ?? (x => x.AssertZeroExitCode())).Invoke(process.AssertWaitForExit());
            return process.Output;
        };
    }

    public static Tool GetPathTool(string name) => GetTool(ToolPathResolver.GetPathExecutable(name));

    /// <summary>The program that the variable NAME_EXE names; null when there is none.</summary>
    public static Tool TryGetEnvironmentTool(string name) =>
        EnvironmentInfo.GetVariable($"{name.ToUpperInvariant()}_EXE") is { Length: > 0 } path ? GetTool(path) : null;

    public static Tool GetEnvironmentOrPathTool(string name) => TryGetEnvironmentTool(name) ?? GetPathTool(name);
}

public static class ToolPathResolver
{
    public static string GetPathExecutable(string pathExecutable) =>
        Find(pathExecutable) ?? throw new ArgumentException($"Could not find '{pathExecutable}' on the PATH.");

    internal static string Find(string executable)
    {
        if (File.Exists(executable))
            return Path.GetFullPath(executable);

        var name = EnvironmentInfo.IsWin && !Path.HasExtension(executable) ? executable + ".exe" : executable;
        return EnvironmentInfo.Paths.Select(directory => Path.Join(directory, name)).FirstOrDefault(File.Exists);
    }
}
