#nullable disable
namespace Nuke.Common.Tooling;

/// <summary>A process that <see cref="ProcessTasks"/> started. Its output is read while it runs.</summary>
public interface IProcess : IDisposable
{
    string FileName { get; }
    string Arguments { get; }
    string WorkingDirectory { get; }
    IReadOnlyCollection<Output> Output { get; }
    int ExitCode { get; }
    bool HasExited { get; }
    int Id { get; }

    void Kill();

    /// <summary>False when the timeout ended it.</summary>
    bool WaitForExit();
}

public static class ProcessExtensions
{
    public static IProcess AssertWaitForExit(this IProcess process)
    {
        Assert.True(process.NotNull().WaitForExit());
        return process;
    }

    public static IProcess AssertZeroExitCode(this IProcess process) =>
        process.AssertWaitForExit().ExitCode == 0 ? process : throw new ProcessException(process);

    public static IReadOnlyCollection<Output> EnsureOnlyStd(this IReadOnlyCollection<Output> output)
    {
        Assert.True(output.All(x => x.Type == OutputType.Std));
        return output;
    }

    public static string StdToText(this IEnumerable<Output> output) =>
        string.Join(Environment.NewLine, output.Where(x => x.Type == OutputType.Std).Select(x => x.Text));
}
