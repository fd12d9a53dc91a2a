using System.Text.RegularExpressions;
using Integration.Running;

namespace Integration.Stations;

/// <summary>Twenty jobs in a row on two slots, two at a time, in each mode of Docker: each looks for what earlier ones on its slot left, and leaves all that itself.</summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S3_Taint(LabFixture lab)
{
    private const int Jobs = 20;
    private const string Pool = "{ name: plain, count: 2, docker: none, labels: [self-hosted, plain, plain-east] }";

    private static readonly string Script = File.ReadAllText(Path.Combine(AppContext.BaseDirectory, "Running", "taint-job.sh"));

    [Theory]
    [InlineData("dind", "docker-east")]
    [InlineData("none", "plain-east")]
    [InlineData("socket", "plain-east")]
    public async Task No_job_sees_a_mark_of_an_earlier_one_and_nothing_is_left(string mode, string label)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        if (mode == "socket")
            (await lab.RunAsync(FleetText.With((Pool, Pool.Replace("none", "socket", StringComparison.Ordinal))), limit: "east")).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
        var before = await LeftAsync();

        var queued = new List<long>();
        for (var job = 0; job < Jobs; job++)
            queued.Add(await lab.Lab.QueueAsync(Script, label));
        var runners = new List<string>();
        foreach (var id in queued)
        {
            var job = await lab.Lab.EndOfAsync(id);
            job.Conclusion.ShouldBe("success", job.Log);
            job.Log.ShouldContain($"{(mode == "none" ? 7 : 13)} kinds of marks looked for and left");
            runners.Add(job.RunnerName!);
        }

        await lab.SettleAsync();
        runners.Distinct().Count().ShouldBe(Jobs);
        runners.Select(name => string.Join('-', name.Split('-')[..2])).Distinct().Count().ShouldBe(2);
        (await LeftAsync()).ShouldBe(before);
        if (mode == "socket")
            (await lab.RunAsync(FleetText.Text, limit: "east")).Faults.ShouldBeEmpty();
        await lab.SettleAsync();
    }

    [Fact]
    public async Task The_marks_are_seen_where_they_are()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        // The same job twice in one container, the second time as a later one on the slot.
        var job = await lab.Lab.RunAsync(
            $$"""
            cat >once.sh <<'EOF'
            {{Script}}
            EOF
            bash once.sh
            set -a; . "$GITHUB_ENV"; set +a
            RUNNER_NAME=${RUNNER_NAME%-*}-later bash once.sh && exit 1
            exit 0
            """,
            "docker-east");

        job.Conclusion.ShouldBe("success", job.Log);
        Regex.Count(job.Log, "left by an earlier job: [a-z' ]+ taint-").ShouldBe(13, job.Log);
    }

    /// <summary>All that Docker has on the host, beside the runners' own containers and volumes.</summary>
    private async Task<string> LeftAsync() => await lab.OnHostAsync(
        "east",
        """
        docker ps --all --format '{{.Names}}' | sort
        docker image ls --all --format '{{.Repository}}:{{.Tag}}' | sort
        docker volume ls --quiet --filter dangling=true
        docker network ls --format '{{.Name}}' | sort
        docker system df --format '{{.Type}} {{.TotalCount}}' | grep 'Build Cache'
        """);
}
