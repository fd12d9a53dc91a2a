using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Terminal;

namespace RunnerBuild.Applying;

/// <summary>Runs the steps of a host's changes in order and stops at the first that fails; running the target again goes on from there.</summary>
internal static class HostApplier
{
    public static async Task ApplyAsync(string host, IMachine machine, IEnumerable<Change> changes, Report report, CancellationToken cancel)
    {
        foreach (var step in changes.SelectMany(change => change.Steps))
        {
            report.Progress(host, $"{step}");
            switch (step)
            {
                case RunScript run:
                    await machine.CheckAsync(run.Summary, run.Script, run.Arguments, report.Lines(host), cancel);
                    break;
                case WriteFile { File: var file }:
                    if (file.KeepsForeign)
                        await machine.CheckAsync($"keep {file.Path}", "[ ! -e \"$1\" ] || [ -e \"$1.before\" ] || [ -d \"$2\" ] || cp -a \"$1\" \"$1.before\"", [file.Path, HostPaths.Settings], null, cancel);
                    await machine.WriteAsync(file.Path, file.Content.Bytes(), file.Mode, file.Owner, cancel);
                    break;
                default:
                    throw new InvalidOperationException($"{step.GetType().Name} is not a step of a host.");
            }
        }
    }
}
