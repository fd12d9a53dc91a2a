using Lab.GitHub.State;

namespace Lab.GitHub.Workflows;

/// <summary>A workflow that was read and understood.</summary>
internal sealed record WorkflowFile(string Name, string? RunName, Dictionary<string, WorkflowInput> Inputs, List<WorkflowFileJob> Jobs);

/// <summary>An input of `workflow_dispatch`.</summary>
internal sealed record WorkflowInput(bool Required, string Default);

/// <summary>One entry of `jobs`; environment is the workflow's and the job's.</summary>
internal sealed record WorkflowFileJob(
    string Key,
    string Name,
    List<string> RunsOn,
    List<string> Needs,
    Dictionary<string, string> Environment,
    double? TimeoutMinutes,
    List<JobStep> Steps)
{
    /// <summary>One of the status functions, about the jobs that it needs.</summary>
    public string Condition { get; init; } = "success()";

    public JobContainer? Container { get; init; }
    public Dictionary<string, JobContainer> Services { get; init; } = [];
}

/// <summary>A workflow holds what the double does not do, or what no workflow may hold. Its message names the place.</summary>
internal sealed class WorkflowProblem(string message) : Exception(message);
