using System.Net;
using Octokit;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Tests.GitHub;

/// <summary>What people are told when GitHub says no.</summary>
public class Refusals
{
    [Fact]
    public void A_used_up_rate_limit_is_no_missing_right_and_ends_at_a_time()
    {
        var told = GitHubApi.Explain("GET x", new RateLimitExceededException(new Forbidden()));
        told.What.ShouldNotContain("may not");
        told.Fix.ShouldContain("2026-11-26 01:45:50Z");
    }

    [Fact]
    public void Too_many_requests_at_once_are_no_missing_right_either() =>
        GitHubApi.Explain("GET x", new ApiException("slow down", HttpStatusCode.TooManyRequests)).Fix.ShouldContain("again in a few minutes");

    [Fact]
    public void A_missing_right_is_named() =>
        GitHubApi.Explain("GET x", new ForbiddenException(new Forbidden()))
            .Fix.ShouldContain("Self-hosted runners: read and write");

    private sealed class Forbidden : IResponse
    {
        public object Body => """{ "message": "no" }""";

        public IReadOnlyDictionary<string, string> Headers { get; } =
            new Dictionary<string, string> { ["X-RateLimit-Limit"] = "5000", ["X-RateLimit-Remaining"] = "0", ["X-RateLimit-Reset"] = "1795657550" };

        public ApiInfo ApiInfo { get; } = new(new Dictionary<string, Uri>(), [], [], "", new Octokit.RateLimit(5000, 0, 1795657550));

        public HttpStatusCode StatusCode => HttpStatusCode.Forbidden;

        public string ContentType => "application/json";
    }
}
