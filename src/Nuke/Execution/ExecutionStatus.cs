namespace Nuke.Common.Execution;

/// <summary>How far a planned target has come. Collective: it has no action of its own.</summary>
public enum ExecutionStatus
{
    None,
    Scheduled,
    NotRun,
    Skipped,
    Succeeded,
    Failed,
    Running,
    Aborted,
    Collective,
}
