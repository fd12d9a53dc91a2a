#nullable disable
namespace Nuke.Common;

public abstract partial class NukeBuild
{
    protected internal virtual void OnBuildCreated()
    {
    }

    protected internal virtual void OnBuildInitialized()
    {
    }

    protected internal virtual void OnBuildFinished()
    {
    }

    protected internal virtual void OnTargetRunning(string target)
    {
    }

    protected internal virtual void OnTargetSkipped(string target)
    {
    }

    protected internal virtual void OnTargetSucceeded(string target)
    {
    }

    protected internal virtual void OnTargetFailed(string target)
    {
    }

    /// <summary>The exit code for a run that this exception ended. Override to tell wrong usage or configuration (2) from a failed target (1).</summary>
    protected internal virtual int ExitCodeOf(Exception exception) => ExitCodes.Failed;

    /// <summary>The text for an exception whose message is meant for people; null, the default, shows type and stack.</summary>
    protected internal virtual string Describe(Exception exception) => null;
}
