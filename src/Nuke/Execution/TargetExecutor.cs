using Nuke.Common.Output;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>Runs the targets of a plan one after the other.</summary>
internal sealed class TargetExecutor(NukeBuild build, BuildOutput output, Interruption interruption)
{
    /// <summary>What made the first target fail, also when the run went on after it.</summary>
    public Exception? FirstFailure { get; private set; }

    /// <summary>Throws <see cref="ReportedException"/> after the first failure; targets that are assured after a failure have run by then.</summary>
    public void Run()
    {
        try
        {
            foreach (var target in build.ExecutionPlan)
                Run(target, isAssured: false);
        }
        catch
        {
            interruption.Renew();
            foreach (var target in build.ExecutionPlan.Where(x => x.AssuredAfterFailure && x.Status == ExecutionStatus.Scheduled))
                Run(target, isAssured: true);
            throw;
        }
    }

    private void Run(ExecutableTarget target, bool isAssured)
    {
        if (interruption.IsRequested && !isAssured)
            throw new ReportedException(new OperationCanceledException());

        if (target.Status == ExecutionStatus.Skipped || Skipping.ByCondition(build, target, target.Definition.DynamicConditions))
        {
            target.Status = ExecutionStatus.Skipped;
            build.OnTargetSkipped(target.Name);
        }
        else if (target.Definition.Actions.Count == 0)
        {
            target.Status = ExecutionStatus.Collective;
        }
        else
        {
            using (output.Block(target.Name, isTarget: true))
                Act(target, isAssured);
        }
    }

    private void Act(ExecutableTarget target, bool isAssured)
    {
        target.Stopwatch.Start();
        target.Status = ExecutionStatus.Running;
        try
        {
            build.OnTargetRunning(target.Name);
            interruption.Run(() => target.Definition.Actions.ForEach(action => action()));
            target.Stopwatch.Stop();
            target.Status = ExecutionStatus.Succeeded;
            build.OnTargetSucceeded(target.Name);
        }
        catch (Exception exception)
        {
            target.Stopwatch.Stop();
            var cause = Failure.Unwrap(exception);
            if (interruption.IsRequested && !isAssured)
                Abort(target, cause);
            else
                Fail(target, cause, isAssured);
        }
    }

    private void Fail(ExecutableTarget target, Exception cause, bool isAssured)
    {
        var description = build.Describe(cause);
        if (target.SummaryInformation.Count == 0)
            target.SummaryInformation[cause.GetType().Name] = Failure.FirstLine(description ?? cause.Message);

        if (description != null)
            Log.Error("{Description:l}", description);
        else
            Log.Error(cause, "Target {TargetName} has thrown an exception", target.Name);

        target.Status = ExecutionStatus.Failed;
        build.OnTargetFailed(target.Name);
        FirstFailure ??= cause;
        if (!target.ProceedAfterFailure && !isAssured)
            throw new ReportedException(cause);
    }

    private static void Abort(ExecutableTarget target, Exception cause)
    {
        target.Status = ExecutionStatus.Aborted;
        if (cause is not OperationCanceledException)
            Log.Warning("Target {TargetName} was aborted: {Reason:l}", target.Name, Failure.FirstLine(cause.Message));
        throw new ReportedException(cause);
    }
}
