#nullable disable
using System.Linq.Expressions;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.Tooling;

namespace Nuke.Common;

/// <summary>Base of a build: targets are its properties of type <see cref="Target"/>, parameters its members with <see cref="ParameterAttribute"/>.</summary>
public abstract partial class NukeBuild
{
    /// <summary>Reads the command line, runs the wanted targets and returns the exit code: 0 done, 1 a target failed, 2 wrong usage or configuration.</summary>
    protected static int Execute<T>(params Expression<Func<T, Target>>[] defaultTargets)
        where T : NukeBuild, new() =>
        BuildRun.Run(BuildDefinition.Of(defaultTargets), Invocation.OfProcess());

    public IReadOnlyCollection<ExecutableTarget> ExecutionPlan { get; internal set; } = [];
    public IReadOnlyCollection<ExecutableTarget> InvokedTargets => Planned(target => target.Invoked);
    public IReadOnlyCollection<ExecutableTarget> SkippedTargets => With(ExecutionStatus.Skipped);
    public IReadOnlyCollection<ExecutableTarget> ScheduledTargets => With(ExecutionStatus.Scheduled);
    public IReadOnlyCollection<ExecutableTarget> RunningTargets => With(ExecutionStatus.Running);
    public IReadOnlyCollection<ExecutableTarget> AbortedTargets => With(ExecutionStatus.Aborted);
    public IReadOnlyCollection<ExecutableTarget> FailedTargets => With(ExecutionStatus.Failed);
    public IReadOnlyCollection<ExecutableTarget> SucceededTargets => With(ExecutionStatus.Succeeded);
    public IReadOnlyCollection<ExecutableTarget> FinishedTargets => [.. FailedTargets, .. SucceededTargets];

    public bool IsSucceeding => !IsFailing;
    public bool IsFailing => ExecutionPlan.Any(x => x.Status is ExecutionStatus.Failed or ExecutionStatus.Aborted or ExecutionStatus.NotRun);
    public bool IsFinished => !ExecutionPlan.Any(x => x.Status is ExecutionStatus.Scheduled or ExecutionStatus.Running);

    /// <summary>When set, the exit code of the run, whatever happened; read after <see cref="OnBuildFinished"/>.</summary>
    public int? ExitCode { get; set; }

    public bool Plan { get; internal set; }
    public bool Help { get; internal set; }
    public bool NoLogo { get; set; }
    public bool Continue { get; internal set; }
    public Partition Partition { get; internal set; } = Partition.Single;

    /// <summary>Sets what the summary table says beside the target that is running now.</summary>
    public void ReportSummary(Configure<Dictionary<string, string>> configurator = null)
    {
        var pairs = new Dictionary<string, string>();
        var target = Session.Current?.Output.Scope?.Target ?? ExecutionPlan.Single(x => x.Status == ExecutionStatus.Running);
        target.SummaryInformation = new Dictionary<string, string>(configurator?.Invoke(pairs) ?? pairs);
    }

    private List<ExecutableTarget> With(ExecutionStatus status) => Planned(target => target.Status == status);

    private List<ExecutableTarget> Planned(Func<ExecutableTarget, bool> predicate) => [.. ExecutionPlan.Where(predicate)];
}
