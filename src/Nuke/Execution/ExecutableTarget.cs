#nullable disable
using System.Diagnostics;
using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Utilities.Collections;

namespace Nuke.Common.Execution;

/// <summary>A target with its place in the graph and its state in this run.</summary>
[DebuggerDisplay("{Name} ({Status})")]
public class ExecutableTarget
{
    internal ExecutableTarget(PropertyInfo member, Delegate factory, TargetDefinition definition)
    {
        Member = member;
        Factory = factory;
        Definition = definition;
    }

    internal TargetDefinition Definition { get; }
    internal Stopwatch Stopwatch { get; } = new();

    public MemberInfo Member { get; }
    public string Name => Member.Name;
    public Delegate Factory { get; }
    public string Description => Definition.Text;
    public bool Listed => Definition.IsListed;
    public DependencyBehavior DependencyBehavior => Definition.DependencyBehavior;
    public bool AssuredAfterFailure => Definition.IsAssured || Factory is Cleanup;
    public bool ProceedAfterFailure => Definition.Proceeds;
    public List<Action> Actions => Definition.Actions;
    public List<LambdaExpression> DelegateRequirements => [.. Definition.Requirements.Select(x => x.Expression)];
    public List<string> ArtifactProducts => Definition.Products;
    public int? PartitionSize => Definition.PartitionSize;

    public List<ExecutableTarget> ExecutionDependencies { get; } = [];
    public List<ExecutableTarget> OrderDependencies { get; } = [];
    public List<ExecutableTarget> TriggerDependencies { get; } = [];
    public List<ExecutableTarget> Triggers { get; } = [];
    public IReadOnlyCollection<ExecutableTarget> AllDependencies => [.. ExecutionDependencies, .. OrderDependencies, .. TriggerDependencies];
    public ILookup<ExecutableTarget, string> ArtifactDependencies { get; internal set; }

    public TimeSpan Duration => Stopwatch.Elapsed;
    public bool IsDefault { get; internal set; }
    public bool Invoked { get; internal set; }
    public ExecutionStatus Status { get; internal set; }

    /// <summary>What the summary table says beside the target.</summary>
    public Dictionary<string, string> SummaryInformation { get; internal set; } = [];

    public string Skipped
    {
        get => SummaryInformation.GetValueOrDefault(nameof(Skipped));
        internal set => SummaryInformation.AddPairWhenValueNotNull(nameof(Skipped), value);
    }

    public string OnlyWhen
    {
        get => SummaryInformation.GetValueOrDefault(nameof(OnlyWhen));
        internal set => SummaryInformation.AddPairWhenValueNotNull(nameof(OnlyWhen), value);
    }
}
