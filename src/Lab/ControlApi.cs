using System.Collections.Immutable;
using Lab.GitHub;
using Lab.GitHub.Faults;

namespace Lab;

/// <summary>What the lab's own commands and tests ask of the server. It listens on loopback only: jobs must not reach it.</summary>
internal static class ControlApi
{
    public static void Map(IEndpointRouteBuilder endpoints, GitHubDouble gitHub, Proxmox.Faults.FaultSwitch proxmox, Health health)
    {
        endpoints.MapGet("/health", () => health);
        endpoints.MapPost("/jobs", (NewJob job) => Queue(gitHub, job));
        endpoints.MapGet("/jobs", gitHub.Jobs);
        endpoints.MapGet("/jobs/{id:long}", (long id) => gitHub.FindJob(id) is { } job ? Results.Ok(job) : Results.NotFound());
        endpoints.MapDelete("/jobs/{id:long}", (long id) => gitHub.CancelJob(id) ? Results.Accepted() : Results.NotFound());
        endpoints.MapGet("/github/runners", gitHub.Runners);
        endpoints.MapGet("/github/faults", () => gitHub.Faults);
        endpoints.MapGet("/github/faults/kinds", () => FaultKind.All);
        endpoints.MapPut("/github/faults", (IReadOnlyDictionary<string, string> faults) => Switch(gitHub, faults));
        endpoints.MapGet("/proxmox/faults", () => proxmox.All);
        endpoints.MapPost("/proxmox/faults", (Proxmox.Faults.Fault fault) => proxmox.Add(fault));
        endpoints.MapDelete("/proxmox/faults", proxmox.Clear);
    }

    /// <param name="faults">Values by name; see <see cref="FaultKind"/>.</param>
    private static IResult Switch(GitHubDouble gitHub, IReadOnlyDictionary<string, string> faults)
    {
        try
        {
            foreach (var (name, value) in faults)
                gitHub.SetFault(name, value);
            return Results.Ok(gitHub.Faults);
        }
        catch (FaultProblem problem)
        {
            return Results.BadRequest(problem.Message);
        }
    }

    private static IResult Queue(GitHubDouble gitHub, NewJob job)
    {
        if (string.IsNullOrWhiteSpace(job.Script))
            return Results.BadRequest("`script` should hold the shell script of the job's step, is empty");
        var id = gitHub.QueueJob(job.Script, job.Labels, job.Repository ?? NewJob.DefaultRepository, job.Name ?? NewJob.DefaultName);
        return Results.Created($"/jobs/{id}", new QueuedJob(id));
    }
}

/// <param name="Labels">Those that a runner must have; none: `self-hosted`.</param>
/// <param name="Repository">`owner/name`.</param>
internal sealed record NewJob(string Script, ImmutableArray<string>? Labels = null, string? Repository = null, string? Name = null)
{
    public const string DefaultRepository = "acme/widgets";
    public const string DefaultName = "job";
}

internal sealed record QueuedJob(long Id);
