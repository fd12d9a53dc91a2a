using RunnerBuild.Config;

namespace RunnerBuild.Diagnosing;

/// <summary>GitHub's rules for names and labels, where a fleet could run into them.</summary>
internal static class GitHubNames
{
    private const int LongestRunner = 64;

    // `-`, the slot's number, `-`, and what makes each attempt's name another one.
    private const int Suffix = 12;

    public static IEnumerable<Finding> Examine(Fleet fleet)
    {
        foreach (var host in fleet.Hosts)
        {
            var longest = $"{host.Name}-{host.Pools.Sum(pool => pool.Count)}-".Length + Suffix;
            yield return longest <= LongestRunner
                ? Finding.Good("github", $"names on {host.Name}", $"at most {longest} of {LongestRunner} characters")
                : Finding.Bad("github", $"names on {host.Name}", $"Its runners would have names of {longest} characters; GitHub takes {LongestRunner}.", "Give the host a shorter name.");
            foreach (var pool in host.Pools.Where(pool => !pool.Labels.Contains("self-hosted", StringComparer.OrdinalIgnoreCase)))
                yield return Finding.Notable("github", $"labels of {host.Name}/{pool.Name}", "Without the label self-hosted, jobs with `runs-on: [self-hosted, …]` do not come here; just-in-time runners get no label by themselves.", "Add self-hosted to the pool's `labels`, if such jobs are meant to.");
        }
    }
}
