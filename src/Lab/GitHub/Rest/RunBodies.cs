using Lab.GitHub.RunnerService;
using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>Runs and jobs as the REST API shows them.</summary>
internal sealed class RunBodies(GitHubOptions options, GitHubState state, Accounts accounts)
{
    public object Run(WorkflowRun run)
    {
        var outcome = state.Look(document => RunOutcome.Of(document.JobsOf(run.Id)));
        var api = $"{options.PublicUrl}/api/v3/repos/{run.Repository}/actions";
        return new
        {
            id = run.Id,
            name = run.Name,
            node_id = $"WFR_{run.Id}",
            head_branch = run.Branch,
            head_sha = CommitOf.Run(run),
            path = run.Path,
            display_title = run.Title,
            run_number = run.Number,
            run_attempt = 1,
            @event = run.Event,
            status = outcome.Status,
            conclusion = outcome.Conclusion,
            workflow_id = run.WorkflowId,
            check_suite_id = run.Id,
            check_suite_node_id = $"CS_{run.Id}",
            url = $"{api}/runs/{run.Id}",
            html_url = $"{options.PublicUrl}/{run.Repository}/actions/runs/{run.Id}",
            jobs_url = $"{api}/runs/{run.Id}/jobs",
            logs_url = $"{api}/runs/{run.Id}/logs",
            check_suite_url = $"{options.PublicUrl}/api/v3/repos/{run.Repository}/check-suites/{run.Id}",
            rerun_url = $"{api}/runs/{run.Id}/rerun",
            artifacts_url = $"{api}/runs/{run.Id}/artifacts",
            head_commit = (object?)null,
            cancel_url = $"{api}/runs/{run.Id}/cancel",
            workflow_url = $"{api}/workflows/{run.WorkflowId}",
            pull_requests = Array.Empty<object>(),
            created_at = run.Created,
            run_started_at = run.Created,
            updated_at = run.Updated,
            actor = AccountBodies.User(run.Actor, options.PublicUrl),
            triggering_actor = AccountBodies.User(run.Actor, options.PublicUrl),
            repository = RepositoryBody.Of(run.Repository, accounts, options.PublicUrl),
            head_repository = RepositoryBody.Of(run.Repository, accounts, options.PublicUrl),
        };
    }

    public object Job(WorkflowJob job)
    {
        var run = state.Look(document => document.Runs.Find(r => r.Id == job.RunId))!;
        return new
        {
            id = job.Id,
            run_id = job.RunId,
            run_attempt = 1,
            run_url = $"{options.PublicUrl}/api/v3/repos/{job.Repository}/actions/runs/{job.RunId}",
            node_id = $"CR_{job.Id}",
            head_sha = CommitOf.Run(run),
            head_branch = run.Branch,
            url = $"{options.PublicUrl}/api/v3/repos/{job.Repository}/actions/jobs/{job.Id}",
            html_url = $"{options.PublicUrl}/{job.Repository}/actions/runs/{job.RunId}/job/{job.Id}",
            check_run_url = $"{options.PublicUrl}/api/v3/repos/{job.Repository}/check-runs/{job.Id}",
            workflow_name = run.Name,
            name = job.Name,
            status = job.Status,
            conclusion = job.Conclusion,
            labels = job.Labels,
            created_at = job.Created,
            started_at = job.Started ?? job.Created,
            completed_at = job.Completed,
            runner_id = job.Offered ? null : job.RunnerId,
            runner_name = job.Offered ? null : job.RunnerName,
            runner_group_id = job.Offered ? null : job.RunnerGroupId,
            runner_group_name = job.Offered || job.RunnerGroupId is null ? null : GroupName(job),
            steps = job.StepRecords.Select(Step).ToArray(),
        };
    }

    private string GroupName(WorkflowJob job) =>
        accounts.Organization(job.Repository.Split('/')[0])?.Groups.FirstOrDefault(group => group.Id == job.RunnerGroupId)?.Name ?? "Default";

    private static object Step(StepRecord step) => new
    {
        name = step.Name,
        status = step.Status,
        conclusion = step.Conclusion,
        number = step.Number,
        started_at = step.Started,
        completed_at = step.Completed,
    };
}
