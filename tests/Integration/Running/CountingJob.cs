namespace Integration.Running;

/// <summary>A job that counts seconds, from beginning to end in one container.</summary>
/// <param name="Hostname">Of the container that its worker was seen in, which no other has.</param>
internal sealed record CountingJob(LabFixture Lab, long Id, string Runner, string Hostname, int Seconds)
{
    private const string Working = """
        for container in $(docker ps --quiet); do
          if docker top "$container" -eo pid,args | grep -q 'Runner[.]Worker'; then docker inspect -f '{{.Config.Hostname}}' "$container"; fi
        done
        """;

    /// <param name="label">One that only a single runner has.</param>
    public static async Task<CountingJob> StartAsync(LabFixture lab, string host, string label, int seconds)
    {
        var id = await lab.Lab.QueueAsync($"for second in $(seq {seconds}); do echo second $second; sleep 1; done; echo counted in $(hostname)", label);
        var job = await lab.Lab.StartOfAsync(id);
        var seen = await Eventually.Async(() => lab.OnHostAsync(host, Working), found => found.Trim().Split('\n') is [{ Length: > 0 }], TimeSpan.FromSeconds(20));
        return new CountingJob(lab, id, job.RunnerName!, seen.Trim(), seconds);
    }

    public async Task ShouldEndAsync()
    {
        var job = await Lab.Lab.EndOfAsync(Id);
        job.Conclusion.ShouldBe("success", job.Log);
        job.Log.ShouldContain($"second {Seconds}");
        job.Log.ShouldContain($"counted in {Hostname}");
    }
}
