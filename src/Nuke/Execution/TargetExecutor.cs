using Nuke.Common.Output;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>Runs the targets of a plan: one after the other, or independent ones side by side.</summary>
internal sealed class TargetExecutor(NukeBuild build, BuildOutput output, Interruption interruption, Attempt attempt, int degree)
{
    // Hooks, and what decides over other targets, happen one at a time.
    private readonly Lock _lock = new();

    /// <summary>What made the first target fail, also when the run went on after it.</summary>
    public Exception? FirstFailure { get; private set; }

    /// <summary>Throws <see cref="ReportedException"/> after the first failure; targets that are assured after a failure have run by then.</summary>
    public void Run()
    {
        try
        {
            if (degree > 1)
                SideBySide.Run(build.ExecutionPlan, degree, target => Run(target, isAssured: false));
            else
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

        lock (_lock)
        {
            if (target.Status == ExecutionStatus.Skipped || attempt.HasSucceeded(target) || Skipping.ByCondition(build, target, target.Definition.DynamicConditions))
            {
                target.Status = ExecutionStatus.Skipped;
                build.OnTargetSkipped(target.Name);
                return;
            }
        }

        if (target.Actions.Count == 0)
        {
            target.Status = ExecutionStatus.Collective;
            return;
        }

        using (output.Of(target, isKept: degree > 1 && !isAssured))
            Act(target, isAssured);
    }

    private void Act(ExecutableTarget target, bool isAssured)
    {
        target.Stopwatch.Start();
        target.Status = ExecutionStatus.Running;
        try
        {
            lock (_lock)
                build.OnTargetRunning(target.Name);
            interruption.Run(() => target.Actions.ForEach(action => action()));
            target.Stopwatch.Stop();
            target.Status = ExecutionStatus.Succeeded;
            lock (_lock)
                build.OnTargetSucceeded(target.Name);
            attempt.Add(target);
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
        lock (_lock)
        {
            FirstFailure ??= cause;
            build.OnTargetFailed(target.Name);
        }

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
