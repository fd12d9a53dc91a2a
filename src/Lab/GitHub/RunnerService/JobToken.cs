using System.Text.Json.Nodes;
using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>The credential of one running job for the run and results services: a JWT that the double signs.</summary>
internal sealed class JobToken(GitHubState state, TimeProvider time)
{
    private static readonly TimeSpan Lifetime = TimeSpan.FromDays(5);

    public string Issue(WorkflowJob job) => JsonWebToken.Sign(
        new JsonObject
        {
            ["jti"] = Guid.NewGuid().ToString(),
            ["orch_id"] = $"{job.PlanId}.{job.Key}.__default",
            ["job_id"] = job.JobId.ToString(),
            ["scp"] = $"Actions.Results:{job.PlanId}:{job.JobId}",
            ["nbf"] = time.GetUtcNow().AddMinutes(-5).ToUnixTimeSeconds(),
            ["exp"] = (time.GetUtcNow() + Lifetime).ToUnixTimeSeconds(),
        },
        Key);

    /// <summary>The job that the call's token is of.</summary>
    public Guid JobOf(HttpRequest request) =>
        JsonWebToken.Verify(request.Bearer() ?? "", Key) is { } token
        && token.Time("exp") > time.GetUtcNow()
        && Guid.TryParse(token.Text("job_id"), out var job)
            ? job
            : throw ServiceRefusal.Unauthorized("The job token is not one of this service, or has expired.");

    private byte[] Key => state.Look(document => document.SigningKey);
}
