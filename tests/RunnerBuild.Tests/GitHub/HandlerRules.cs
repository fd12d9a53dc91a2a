using System.Collections.Concurrent;
using System.Net;
using Microsoft.Extensions.Time.Testing;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Tests.GitHub;

/// <summary>What the handler below Octokit does with GitHub's answers, on a clock that the test moves.</summary>
public sealed class HandlerRules
{
    private readonly FakeTimeProvider _clock = new(new(2026, 1, 1, 0, 0, 0, TimeSpan.Zero)) { AutoAdvanceAmount = TimeSpan.Zero };

    [Fact]
    public async Task A_secondary_limit_holds_back_all_calls_as_long_as_GitHub_says()
    {
        var wire = new Wire((_, n) => n == 1 ? Wire.Answer(403, "{\"message\":\"You have exceeded a secondary rate limit\"}", ("Retry-After", "20")) : Wire.Answer(200, "[]"));
        using var http = Client(wire);
        var first = http.GetAsync("http://x/a");
        await wire.CountAsync(1);
        var second = http.GetAsync("http://x/b");
        await Task.Delay(100);
        wire.Requests.Count.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(21));

        (await first).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await second).StatusCode.ShouldBe(HttpStatusCode.OK);
        wire.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_limit_that_lasts_long_is_told_instead_of_waited_out()
    {
        var reset = _clock.GetUtcNow().AddMinutes(40).ToUnixTimeSeconds();
        var wire = new Wire((_, _) => Wire.Answer(403, "{\"message\":\"API rate limit exceeded\"}", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", $"{reset}")));
        using var http = Client(wire);
        var fault = await Should.ThrowAsync<RunnerBuildException>(http.GetAsync("http://x/a"));
        fault.Message.ShouldContain("GitHub limits the rate of calls");
        fault.Message.ShouldContain("00:40 UTC");
        wire.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_403_about_rights_is_no_limit()
    {
        var wire = new Wire((_, _) => Wire.Answer(403, "{\"message\":\"Resource not accessible by integration\"}", ("x-ratelimit-remaining", "4000")));
        using var http = Client(wire);
        (await http.GetAsync("http://x/a")).StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        wire.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task What_is_not_modified_comes_from_memory_and_only_for_the_same_credential()
    {
        var wire = new Wire((request, _) => request.Headers.IfNoneMatch.Count > 0 ? Wire.Answer(304, "") : Wire.Answer(200, "[1]", ("ETag", "W/\"v1\"")));
        using var http = Client(wire);
        async Task<string> AsAsync(string token)
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, "http://x/a");
            request.Headers.Authorization = new("Bearer", token);
            return await (await http.SendAsync(request)).Content.ReadAsStringAsync();
        }

        (await AsAsync("one")).ShouldBe("[1]");
        (await AsAsync("one")).ShouldBe("[1]");
        (await AsAsync("two")).ShouldBe("[1]");
        wire.Requests.Select(request => request.Conditional).ShouldBe([false, true, false]);
    }

    [Fact]
    public async Task Trouble_at_GitHub_is_outlived_by_what_may_be_asked_twice_and_not_by_the_rest()
    {
        var wire = new Wire((_, n) => n % 2 == 1 ? Wire.Answer(502, "") : Wire.Answer(200, "[]"));
        using var http = Client(wire);
        var get = http.GetAsync("http://x/a");
        await wire.CountAsync(1);
        await Task.Delay(50);
        _clock.Advance(TimeSpan.FromSeconds(2));
        (await get).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await http.PostAsync("http://x/dispatches", null)).StatusCode.ShouldBe(HttpStatusCode.BadGateway);
        wire.Requests.Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_limit_ends_by_the_clock_of_the_answer_that_told_it()
    {
        // GitHub's clock is an hour behind this machine's.
        var theirs = _clock.GetUtcNow().AddHours(-1);
        var wire = new Wire((_, n) => n == 1
            ? Wire.Answer(403, "{\"message\":\"API rate limit exceeded\"}", ("x-ratelimit-remaining", "0"), ("x-ratelimit-reset", $"{theirs.AddSeconds(30).ToUnixTimeSeconds()}"), ("Date", theirs.ToString("R")))
            : Wire.Answer(200, "[]"));
        using var http = Client(wire);
        var call = http.GetAsync("http://x/a");
        await wire.CountAsync(1);
        await Task.Delay(50);
        _clock.Advance(TimeSpan.FromSeconds(29));
        await Task.Delay(50);
        wire.Requests.Count.ShouldBe(1);
        _clock.Advance(TimeSpan.FromSeconds(3));

        (await call).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [Fact]
    public async Task A_server_that_is_silent_is_not_waited_for_longer_than_a_try_may_take()
    {
        using var http = new HttpClient(new GitHubHandler(new Silence(), _clock, TimeSpan.FromMilliseconds(200)));

        var fault = await Should.ThrowAsync<HttpRequestException>(http.PostAsync("http://x/dispatches", null).WaitAsync(TimeSpan.FromSeconds(20)));

        fault.Message.ShouldStartWith("no answer to POST /dispatches within");
    }

    private sealed class Silence : HttpMessageHandler
    {
        protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, cancellationToken);
            return new();
        }
    }

    private HttpClient Client(Wire wire) => new(new GitHubHandler(wire, _clock));

    private sealed class Wire(Func<HttpRequestMessage, int, HttpResponseMessage> answer) : HttpMessageHandler
    {
        public ConcurrentQueue<(string Path, bool Conditional)> Requests { get; } = [];

        public async Task CountAsync(int count)
        {
            for (var tries = 0; Requests.Count < count; tries++)
            {
                tries.ShouldBeLessThan(200);
                await Task.Delay(25);
            }
        }

        public static HttpResponseMessage Answer(int status, string body, params (string Name, string Value)[] headers)
        {
            var response = new HttpResponseMessage((HttpStatusCode)status) { Content = new StringContent(body) };
            foreach (var (name, value) in headers)
                response.Headers.TryAddWithoutValidation(name, value);
            return response;
        }

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Requests.Enqueue((request.RequestUri!.AbsolutePath, request.Headers.IfNoneMatch.Count > 0));
            return Task.FromResult(answer(request, Requests.Count));
        }
    }
}
