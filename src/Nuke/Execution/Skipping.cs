using Serilog;

namespace Nuke.Common.Execution;

/// <summary>Takes targets out of a plan, and with them what nobody else in the plan needs.</summary>
internal static class Skipping
{
    /// <summary>Names as matched by the command line; none at all means: every target that was not asked for.</summary>
    public static void ByName(IReadOnlyCollection<ExecutableTarget> plan, IReadOnlyCollection<string> names)
    {
        var asked = plan.Any(x => x.Invoked) ? plan.Where(x => x.Invoked) : plan.Where(x => x.IsDefault);
        var chosen = plan.Where(x => names.Count == 0 || names.Contains(x.Name));
        HashSet<ExecutableTarget> exempt = names.Count == 0 ? [.. asked] : [.. plan.Where(x => x.Invoked)];
        foreach (var target in chosen.ToList())
            Mark(plan, target, "via parameter", exempt);
    }

    /// <summary>Skips the target when a condition does not hold. Throws what a condition throws, after it was logged.</summary>
    public static bool ByCondition(NukeBuild build, ExecutableTarget target, IEnumerable<Condition> conditions)
    {
        try
        {
            var violated = conditions.Where(x => !x.Holds()).Select(x => x.Text).ToList();
            if (violated.Count > 0)
            {
                target.SummaryInformation[nameof(target.OnlyWhen)] = string.Join(" && ", violated);
                Mark(build.ExecutionPlan, target, reason: null, [.. build.InvokedTargets]);
            }
        }
        catch (Exception exception)
        {
            var cause = Failure.Unwrap(exception);
            Log.Error(cause, "Invocation of condition for {TargetName} has thrown an exception", target.Name);
            throw new ReportedException(cause);
        }

        return target.OnlyWhen != null;
    }

    // An exempt target keeps its state until its turn comes, but what only it needs goes all the same.
    private static void Mark(IReadOnlyCollection<ExecutableTarget> plan, ExecutableTarget target, string? reason, HashSet<ExecutableTarget> exempt)
    {
        if (target.Status != ExecutionStatus.Scheduled)
            return;

        if (!exempt.Contains(target))
        {
            target.Status = ExecutionStatus.Skipped;
            if (target.Skipped == null)
                target.Skipped = reason;
        }

        if (target.DependencyBehavior == DependencyBehavior.Execute)
            return;

        var scheduled = plan.Where(x => x != target && x.Status == ExecutionStatus.Scheduled);
        var needed = scheduled.SelectMany(x => x.ExecutionDependencies.Concat(x.Triggers)).ToHashSet();
        foreach (var other in target.ExecutionDependencies.Concat(target.Triggers).Where(x => !needed.Contains(x)).ToList())
            Mark(plan, other, $"because of {target.Name}", exempt);
    }
}
