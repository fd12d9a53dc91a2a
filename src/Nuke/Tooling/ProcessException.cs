#nullable disable
namespace Nuke.Common.Tooling;

/// <summary>A process ended with an exit code other than zero; the message has its command, directory and error output.</summary>
public class ProcessException(IProcess process) : Exception(Describe(process))
{
    public int ExitCode { get; } = process.ExitCode;

    private static string Describe(IProcess process)
    {
        var errors = process.Output.Where(x => x.Type == OutputType.Err).Select(x => $"   {x.Text}").ToList();
        return string.Join(Environment.NewLine,
        [
            $"Process '{Path.GetFileName(process.FileName)}' exited with code {process.ExitCode}.",
            $"   > {process.FileName} {process.Arguments}",
            $"   @ {process.WorkingDirectory}",
            .. errors.Count > 0 ? errors.Prepend("Error output:") : [],
        ]);
    }
}
