using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>The whole of a job as acquirejob answers it.</summary>
internal static class JobMessage
{
    public static object For(WorkflowJob job, WorkflowRun run, string jobToken, string publicUrl) => new
    {
        messageType = "RunnerJobRequest",
        plan = new { planId = job.PlanId, planType = "Build", version = 12, scopeIdentifier = Guid.Empty },
        timeline = new { id = job.PlanId },
        jobId = job.JobId,
        jobName = job.Key,
        jobDisplayName = job.Name,
        requestId = job.Id,
        billingOwnerId = "1",
        resources = new { endpoints = new[] { Connection(jobToken, publicUrl) } },
        contextData = new Dictionary<string, object>
        {
            ["github"] = Tokens.Dictionary(GitHubContext(job, run, publicUrl)),
            ["inputs"] = Tokens.Dictionary(run.Inputs),
        },
        variables = new Dictionary<string, object>
        {
            ["system.github.token"] = new { value = jobToken, isSecret = true },
            ["system.github.job"] = new { value = job.Key },
            ["system.github.results_endpoint"] = new { value = $"{publicUrl}/results/" },
            ["system.phaseDisplayName"] = new { value = job.Name },
        },
        environmentVariables = job.Environment.Count == 0 ? [] : new[] { Tokens.Mapping(job.Environment) },
        jobContainer = job.Container is { } container ? Tokens.Container(container) : null,
        jobServiceContainers = job.Services.Count == 0 ? null : new { type = 2, map = job.Services.Select(service => new { service.Key, Value = Tokens.Container(service.Value) }).ToArray() },
        steps = job.Steps.Select(StepOf).ToArray(),
    };

    private static object Connection(string token, string publicUrl) => new
    {
        name = "SystemVssConnection",
        url = $"{publicUrl}/run/",
        authorization = new { scheme = "OAuth", parameters = new { AccessToken = token } },
        data = new { },
    };

    private static object StepOf(JobStep step, int index)
    {
        var inputs = new Dictionary<string, string> { ["script"] = step.Script };
        if (step.Shell is not null)
            inputs["shell"] = step.Shell;
        if (step.WorkingDirectory is not null)
            inputs["workingDirectory"] = step.WorkingDirectory;
        var name = step.Id ?? (index == 0 ? "__run" : $"__run_{index + 1}");
        return new
        {
            type = "Action",
            id = Guid.NewGuid(),
            name,
            contextName = name,
            displayNameToken = Tokens.Text(step.Name),
            condition = step.Condition,
            reference = new { type = "Script" },
            environment = step.Environment.Count == 0 ? null : Tokens.Mapping(step.Environment),
            inputs = Tokens.Mapping(inputs),
        };
    }

    private static Dictionary<string, string> GitHubContext(WorkflowJob job, WorkflowRun run, string publicUrl) => new()
    {
        ["repository"] = job.Repository,
        ["repository_owner"] = job.Repository.Split('/')[0],
        ["run_id"] = $"{run.Id}",
        ["run_number"] = $"{run.Number}",
        ["run_attempt"] = "1",
        ["workflow"] = run.Name,
        ["workflow_ref"] = $"{job.Repository}/{run.Path}@refs/heads/{run.Branch}",
        ["job"] = job.Key,
        ["event_name"] = run.Event,
        ["ref"] = $"refs/heads/{run.Branch}",
        ["ref_name"] = run.Branch,
        ["ref_type"] = "branch",
        ["sha"] = CommitOf.Run(run),
        ["actor"] = run.Actor,
        ["triggering_actor"] = run.Actor,
        ["server_url"] = publicUrl,
        ["api_url"] = $"{publicUrl}/api/v3",
        ["graphql_url"] = $"{publicUrl}/api/graphql",
        ["retention_days"] = "90",
    };
}

/// <summary>A stable stand-in for the commit that a run is of: the double holds no git repository.</summary>
internal static class CommitOf
{
    public static string Run(WorkflowRun run) =>
        Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(System.Text.Encoding.UTF8.GetBytes($"{run.Repository}@{run.Branch}"))[..20]);
}
