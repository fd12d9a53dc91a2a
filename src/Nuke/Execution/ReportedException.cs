namespace Nuke.Common.Execution;

/// <summary>Ends the run for a cause that has been shown already.</summary>
internal sealed class ReportedException(Exception cause) : Exception(cause.Message, cause)
{
    public Exception Cause { get; } = cause;
}
