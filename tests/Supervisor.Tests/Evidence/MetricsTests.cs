using System.Net;
using System.Net.Sockets;
using Supervisor.Control;
using Supervisor.Evidence;
using Supervisor.GitHub;
using Supervisor.Slots;
using Supervisor.Systemd;
using Supervisor.Tests.Doubles;

namespace Supervisor.Tests.Evidence;

public sealed class MetricsTests : IDisposable
{
    private readonly HttpClient client = new();

    public void Dispose() => client.Dispose();

    private static SlotStatus Slot(string name, string state) =>
        new() { Name = name, Pool = "a \"b\"", State = state, Image = "i", Labels = [], Since = DateTimeOffset.UnixEpoch };

    [Fact]
    public void It_is_Prometheus_text()
    {
        var tally = new Tally();
        foreach (var (seconds, conclusion) in ((double, string)[])[(5, "succeeded"), (45, "succeeded"), (1e6, "failed")])
            tally.Count(new JobRecord { Ended = default, Slot = "s", Pool = "p", Runner = "r", Image = "i", Conclusion = conclusion, Seconds = seconds });
        tally.Count("p", SetbackKind.Denied);
        tally.CountRecycle("p", TimeSpan.FromSeconds(1.25));
        var budget = new ApiBudget();
        using var answer = new HttpResponseMessage { Headers = { { "x-ratelimit-remaining", "400" }, { "x-ratelimit-limit", "5000" } } };
        budget.Note(answer, "https://api.github.com/orgs/acme/actions/runners?per_page=100");
        budget.Note(answer, "https://api.github.com/app/installations/1/access_tokens");
        budget.IsShort("orgs/acme").ShouldBeTrue();

        RunnerVersion[] versions = [new("orgs/acme", "2.335.1", DateTimeOffset.UnixEpoch.AddHours(36)), new("orgs/acme", "2.336.0", null)];
        var lines = Metrics.Of(new HostStatus(1, "b", "c", null, [Slot("1", "Idle"), Slot("2", "Idle")]) { Versions = versions }, tally, budget, DateTimeOffset.UnixEpoch).Split('\n');
        foreach (var line in (string[])
        [
            """github_runners_slots{pool="a \"b\"",state="Idle"} 2""",
            """github_runners_slots{pool="a \"b\"",state="Parked"} 0""",
            """github_runners_jobs_total{pool="p",conclusion="succeeded"} 2""",
            """github_runners_job_duration_seconds_bucket{pool="p",le="10"} 1""",
            """github_runners_job_duration_seconds_bucket{pool="p",le="60"} 2""",
            """github_runners_job_duration_seconds_bucket{pool="p",le="+Inf"} 3""",
            """github_runners_job_duration_seconds_sum{pool="p"} 1000050""",
            """github_runners_setbacks_total{pool="p",kind="Denied"} 1""",
            """github_runners_recycle_seconds_sum{pool="p"} 1.25""",
            """github_runners_api_remaining{scope="orgs/acme"} 400""",
            """github_runners_version_days_left{scope="orgs/acme",version="2.335.1"} 1.5""",
            """github_runners_version_days_left{scope="orgs/acme",version="2.336.0"} +Inf""",
            "# TYPE github_runners_recycle_seconds histogram",
        ])
            lines.ShouldContain(line);
        lines.Count(line => line.StartsWith("github_runners_api_remaining", StringComparison.Ordinal)).ShouldBe(1);
        lines[^1].ShouldBeEmpty();
    }

    [Fact]
    public async Task It_is_served_over_HTTP_and_moves_with_the_settings()
    {
        var cancel = TestContext.Current.CancellationToken;
        var count = 0;
        using var endpoint = new MetricsEndpoint(() => $"x {++count}\n", new EventLog(TextWriter.Null));
        var (first, second) = (Ports.Free(), Ports.Free());
        endpoint.Use($"127.0.0.1:{first}");
        for (var i = 1; i <= 20; i++)
            (await client.GetStringAsync($"http://127.0.0.1:{first}/metrics", cancel)).ShouldBe($"x {i}\n");
        (await client.GetAsync($"http://127.0.0.1:{first}/other", cancel)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await client.PostAsync($"http://127.0.0.1:{first}/metrics", null, cancel)).StatusCode.ShouldBe(HttpStatusCode.MethodNotAllowed);

        endpoint.Use($"127.0.0.1:{second}");
        (await client.GetStringAsync($"http://127.0.0.1:{second}/metrics", cancel)).ShouldBe("x 21\n");
        await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync($"http://127.0.0.1:{first}/metrics", cancel));
        endpoint.Use(null);
        await Should.ThrowAsync<HttpRequestException>(() => client.GetStringAsync($"http://127.0.0.1:{second}/metrics", cancel));
    }

    [Fact]
    public async Task Those_who_never_finish_asking_do_not_keep_others_out_for_long()
    {
        var cancel = TestContext.Current.CancellationToken;
        using var endpoint = new MetricsEndpoint(() => "x 1\n", new EventLog(TextWriter.Null));
        var port = Ports.Free();
        endpoint.Use($"127.0.0.1:{port}");
        var idlers = Enumerable.Range(0, 10).Select(_ => new TcpClient("127.0.0.1", port)).ToList();
        await idlers[0].GetStream().WriteAsync("GET /metr"u8.ToArray(), cancel);
        (await client.GetStringAsync($"http://127.0.0.1:{port}/metrics", cancel)).ShouldBe("x 1\n");
        idlers.ForEach(idler => idler.Dispose());
    }

    [Fact]
    public void A_port_that_is_taken_is_told()
    {
        using var other = new TcpListener(IPAddress.Loopback, 0);
        other.Start();
        var output = new StringWriter();
        using var endpoint = new MetricsEndpoint(() => "", new EventLog(output));
        endpoint.Use(other.LocalEndpoint.ToString());
        output.ToString().ShouldStartWith($"<4>metrics: nobody can be served at {other.LocalEndpoint} (");
    }

    [Fact]
    public async Task Settings_that_change_often_do_not_use_its_places_up()
    {
        using var endpoint = new MetricsEndpoint(() => "x 1\n", new EventLog(TextWriter.Null));
        var port = Ports.Free();
        client.Timeout = TimeSpan.FromSeconds(10);
        for (var i = 0; i < 10; i++)
        {
            endpoint.Use($"127.0.0.1:{port}");
            (await client.GetStringAsync($"http://127.0.0.1:{port}/metrics", TestContext.Current.CancellationToken)).ShouldBe("x 1\n");
            endpoint.Use(null);
            await Task.Delay(50, TestContext.Current.CancellationToken);
        }
    }
}
