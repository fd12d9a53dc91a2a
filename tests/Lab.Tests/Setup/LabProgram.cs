namespace Lab.Tests.Setup;

/// <summary>The `lab` program as people run it: a process of its own.</summary>
internal static class LabProgram
{
    public static Task<CommandResult> RunAsync(IReadOnlyList<string> arguments, CancellationToken cancel) =>
        new LocalCommand(DotNet.Host, [Path.Combine(AppContext.BaseDirectory, "Lab.dll"), .. arguments]).RunAsync(cancel);
}
