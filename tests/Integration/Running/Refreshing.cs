using RunnerBuild.Operating;
using RunnerBuild.Verifying;

namespace Integration.Running;

/// <summary>RefreshImage and RollbackImage, as the build runs them.</summary>
internal static class Refreshing
{
    public static Task<Run> RefreshAsync(this LabFixture lab, string text, params string[] limit) =>
        lab.RunAsync(text, LabFixture.OptionsOf(false, limit), site => SentenceAsync(new ImageRefresh(site, withoutCanary: false).RunAsync(TestContext.Current.CancellationToken)));

    public static Task<Run> RollBackImageAsync(this LabFixture lab, string text, params string[] limit) =>
        lab.RunAsync(text, LabFixture.OptionsOf(false, limit), site => SentenceAsync(new ImageRollback(site, null, withoutCanary: false).RunAsync(TestContext.Current.CancellationToken)));

    /// <summary>What is the fleet's on a host: its containers, images, settings, and the process that looks after them.</summary>
    public static Task<string> FleetOnAsync(this LabFixture lab, string host) => lab.OnHostAsync(
        host,
        """
        docker ps --all --no-trunc --format '{{.ID}} {{.Image}} {{.Names}}' | sort
        docker image ls --format '{{.Repository}}:{{.Tag}}' runnerbuild/runner | sort
        cat /etc/github-runners/supervisor.json
        systemctl show -p MainPID --value github-docker-runners
        """);

    /// <summary>Of each runner that serves on a host, the image and the version of its program.</summary>
    public static async Task<string[]> ServingOnAsync(this LabFixture lab, string host) =>
        (await lab.OnHostAsync(host, "for id in $(docker ps --quiet --filter label=runnerbuild.host); do echo \"$(docker inspect --format '{{.Config.Image}}' $id) $(docker exec $id /home/runner/bin/Runner.Listener --version)\"; done"))
        .Split('\n', StringSplitOptions.RemoveEmptyEntries);

    private static async Task<string> SentenceAsync(Task<RefreshReport> run)
    {
        var report = await run;
        report.RequirePromoted();
        return report.Sentence;
    }
}
