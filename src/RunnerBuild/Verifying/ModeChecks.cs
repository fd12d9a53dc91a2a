using RunnerBuild.Config;
using RunnerBuild.Desired;

namespace RunnerBuild.Verifying;

/// <summary>Says of each pool what its mode of Docker cannot keep; no look at a host could show it.</summary>
internal static class ModeChecks
{
    public static IEnumerable<Check> Of(string host, RunnerDeployment wanted) =>
        wanted.Slots.Select(slot => slot.Pool).Distinct().Select(pool => Of(host, pool));

    private static Check Of(string host, Pool pool) => pool.Docker switch
    {
        DockerMode.Dind => new(host, $"pool {pool.Name}, docker: dind", Verdict.Good, "holds against accidents; a job that attacks the kernel can become root on the host"),
        DockerMode.Socket => new(
            host, $"pool {pool.Name}, docker: socket", Verdict.Unproved,
            "holds against accidents only: a job that wants to is root on the host, so neither fresh files nor the GitHub credential are safe from it; use dind or none for jobs you do not trust"),
        _ => new(host, $"pool {pool.Name}, docker: none", Verdict.Good, "holds as far as containers do"),
    };
}
