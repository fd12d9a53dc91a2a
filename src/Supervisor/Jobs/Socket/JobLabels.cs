namespace Supervisor.Jobs.Socket;

/// <summary>Labels of what a job makes in the host's engine; the value is the runner's name.</summary>
internal static class JobLabels
{
    public const string Job = "runnerbuild.job";

    /// <summary>Of the volume that holds a job's work folder.</summary>
    public const string Work = "runnerbuild.work";
}
