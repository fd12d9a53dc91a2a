using System.Text.Json.Nodes;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Slots;

[Collection(nameof(WithDocker))]
public sealed class RunnerVersionTests
{
    [Theory]
    [InlineData("2.335.1", "orgs/acme accepts runner 2.335.1 until ")]
    [InlineData("2.337.0", null)]
    [InlineData("2.1.0", null)]
    public async Task How_long_GitHub_takes_the_runner_program_is_known_in_status_and_metrics(string version, string? sentence)
    {
        await using var host = new RunnerHost();
        var image = $"rbsv-version:{Guid.NewGuid():N}";
        await DockerAsync("create", "--name", $"{host.Name}-made", RunnerImage.Name);
        await DockerAsync("commit", "--change", $"LABEL org.opencontainers.image.version={version}", $"{host.Name}-made", image);
        try
        {
            host.GitHub.VersionEnds["2.335.1"] = DateTimeOffset.UtcNow.AddDays(10.5);
            host.GitHub.VersionEnds["2.337.0"] = null;
            host.Pool["image"] = image;
            host.SetSlots(2);
            host.Metrics = $"127.0.0.1:{Ports.Free()}";
            host.WriteSettings();
            host.Start();
            await host.UntilIdleAsync(1);
            await host.UntilIdleAsync(2);
            await RunnerHost.UntilAsync(() => Task.FromResult(host.GitHub.Calls.Any(call => call.Path == $"/orgs/acme/actions/runners/deprecations/{version}")), "GitHub was asked");
            await Task.Delay(500, TestContext.Current.CancellationToken);

            var status = (await host.ControlAsync("status")).Output;
            status.Contains("accepts runner").ShouldBe(sentence is not null);
            if (sentence is not null)
                status.ShouldContain($"{sentence}{DateTimeOffset.UtcNow.AddDays(10.5):yyyy-MM-dd}, 10 days more: run BuildCustomImage with a newer runner version");
            using var client = new HttpClient();
            var metrics = (await client.GetStringAsync($"http://{host.Metrics}/metrics", TestContext.Current.CancellationToken)).Split('\n');
            var samples = metrics.Where(line => line.StartsWith("github_runners_version_days_left{", StringComparison.Ordinal)).ToList();
            if (version == "2.1.0")
                samples.ShouldBeEmpty();
            else
                samples.Single().ShouldStartWith($$"""github_runners_version_days_left{scope="orgs/acme",version="{{version}}"} {{(sentence is null ? "+Inf" : "10.")}}""");
            JsonNode.Parse((await host.ControlAsync("status", "--json")).Output)!["versions"]!.AsArray().Count.ShouldBe(samples.Count);
        }
        finally
        {
            await host.StopAsync();
            await TryAsync("docker", "rm", "--force", $"{host.Name}-made");
            await TryAsync("docker", "image", "rm", "--force", image);
        }
    }
}
