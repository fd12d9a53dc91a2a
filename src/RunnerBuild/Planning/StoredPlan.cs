using RunnerBuild.Desired;

namespace RunnerBuild.Planning;

/// <summary>Takes away secrets that nothing needs any more. Last in a plan, when the supervisor no longer reads them.</summary>
internal static class StoredPlan
{
    public static IEnumerable<Change> Diff(RunnerDeployment wanted) => wanted.Obsolete.Select(path =>
        new Change($"file{path}", "file", "of no pool", null, [new RunScript($"remove {path}", "rm -rf -- \"$1\"", [path])]));
}
