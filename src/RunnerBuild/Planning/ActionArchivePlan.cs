using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Remote;

namespace RunnerBuild.Planning;

/// <summary>What separates a host's archives of actions from those that are used. A job that finds none downloads it, so nothing waits for this.</summary>
internal static class ActionArchivePlan
{
    /// <param name="have">Paths of the archives that are there, within their folder.</param>
    /// <param name="contents">Of those that are missing; one that could not be had is not here.</param>
    public static ImmutableArray<Change> Diff(IEnumerable<ActionArchive> wanted, IReadOnlySet<string> have, IReadOnlyDictionary<ActionArchive, byte[]> contents)
    {
        var all = wanted.ToList();
        return
        [
            .. all.Where(archive => !have.Contains(archive.Path) && contents.ContainsKey(archive)).OrderBy(archive => archive.Path, StringComparer.Ordinal).Select(archive => Added(archive, contents[archive])),
            .. have.Except(all.Select(archive => archive.Path)).Order(StringComparer.Ordinal).Select(Removed),
        ];
    }

    private static Change Added(ActionArchive archive, byte[] content) => new(
        $"action/{archive.Repository}", "archive", null, archive.Commit,
        [
            new RunScript($"make the folder of {archive.Repository}", "mkdir -p \"$1\"", [Path.GetDirectoryName(PathOf(archive.Path))!]),
            new WriteFile(new HostFile(PathOf(archive.Path), new FileContent.Program(archive.Path, content))),
        ]);

    private static Change Removed(string path) => new(
        $"action/{path}", "archive", "used by no workflow", null,
        [new RunScript($"remove {path}", "rm -f -- \"$1\" && rmdir --ignore-fail-on-non-empty -- \"${1%/*}\"", [PathOf(path)])]);

    private static string PathOf(string path) => $"{HostPaths.ActionArchives}/{path}";
}
