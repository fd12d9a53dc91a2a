namespace Integration.Running;

/// <summary>A job that counts seconds, at least so many and then until it is told that it is enough, from beginning to end in one container.</summary>
/// <param name="Container">Docker's number of that container.</param>
internal sealed record LastingJob(LabFixture Lab, string Host, long Id, string Runner, string Container, int Seconds) : IAsyncDisposable
{
    /// <param name="label">One that only this host's runners have.</param>
    /// <param name="count">Shell command that prints `second N` each second, and ends when `/tmp/enough` is there.</param>
    public static async Task<LastingJob> StartAsync(LabFixture lab, string host, string label, int seconds, Func<string, string> count)
    {
        var loop = $"n=0; until [ $n -ge {seconds} ] && [ -e /tmp/enough ]; do n=$((n + 1)); echo second $n; sleep 1; done; echo counted";
        var id = await lab.Lab.QueueAsync($"set -e\n{count(loop)}\necho ended in $(hostname)", label);
        var runner = (await lab.Lab.StartOfAsync(id)).RunnerName!;
        var container = await lab.OnHostAsync(host, $"docker ps --quiet --no-trunc --filter label=runnerbuild.runner={runner}");
        return new LastingJob(lab, host, id, runner, container.Trim(), seconds);
    }

    /// <summary>In the container that it began in, which was started once.</summary>
    public async Task ShouldRunAsync(string after)
    {
        var seen = await Lab.OnHostAsync(Host, $"docker inspect -f '{{{{.Config.Hostname}}}} {{{{.State.Status}}}}' {Container} 2>&1 || true");
        seen.Trim().ShouldBe($"{Runner} running", $"after {after}");
        (await Lab.Lab.JobAsync(Id)).Status.ShouldBe("in_progress", $"after {after}");
    }

    /// <summary>Lets the count end. By the container's files alone: a command in it needs more of the engine than some of its settings give in a lab.</summary>
    public Task ReleaseAsync() => Lab.OnHostAsync(Host, $"pid=$(docker inspect -f '{{{{.State.Pid}}}}' {Container}) && touch /proc/$pid/root/tmp/enough || true");

    /// <param name="enough">Command in the job's container that lets the count end, where a file is not enough.</param>
    public async Task ShouldEndAsync(string? enough = null)
    {
        await (enough is null ? ReleaseAsync() : Lab.OnHostAsync(Host, $"docker exec {Container} {enough}"));
        var job = await Lab.Lab.EndOfAsync(Id);
        job.Conclusion.ShouldBe("success", job.Log);
        job.Log.ShouldContain($"second {Seconds}\n");
        job.Log.ShouldContain($"ended in {Runner}");
    }

    /// <summary>Lets it end also when the test fails, so that the others have its slot.</summary>
    public async ValueTask DisposeAsync() => await ReleaseAsync();
}
