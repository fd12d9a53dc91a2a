using System.Linq.Expressions;
using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Collects what a target says about itself.</summary>
internal sealed partial class TargetDefinition(NukeBuild build, PropertyInfo member) : ITargetDefinition
{
    private readonly Queue<PropertyInfo> _overridden = Overriding.BasesOf(build, member);

    public string? Text { get; private set; }
    public bool IsListed { get; private set; } = true;
    public bool IsAssured { get; private set; }
    public bool Proceeds { get; private set; }
    public int? PartitionSize { get; private set; }
    public DependencyBehavior DependencyBehavior { get; private set; } = DependencyBehavior.Skip;
    public List<Action> Actions { get; } = [];
    public List<Condition> DynamicConditions { get; } = [];
    public List<Condition> StaticConditions { get; } = [];
    public List<Requirement> Requirements { get; } = [];
    public List<ToolRequirement> Tools { get; } = [];
    public List<string> Products { get; } = [];
    public List<(Delegate Target, string[] Artifacts)> Consumed { get; } = [];

    public ITargetDefinition Description(string description) => With(() => Text = description);

    public ITargetDefinition Executes(params Action[] actions) => With(() => Actions.AddRange(actions));

    public ITargetDefinition Executes<T>(Func<T> action) => Executes(() => Wait(action()));

    public ITargetDefinition Executes(Func<Task> action) => Executes(() => Wait(action()));

    public ITargetDefinition Executes(Func<Task> first, Func<Task> second, params Func<Task>[] more) =>
        Executes([() => Wait(first()), () => Wait(second()), .. more.Select<Func<Task>, Action>(action => () => Wait(action()))]);

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, string? conditionExpression) =>
        With(() => DynamicConditions.Add(Condition.Of(condition, conditionExpression)));

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, string? conditionExpression) =>
        With(() => StaticConditions.Add(Condition.Of(condition, conditionExpression)));

    public ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior) => With(() => DependencyBehavior = dependencyBehavior);

    public ITargetDefinition AssuredAfterFailure() => With(() => IsAssured = true);

    public ITargetDefinition ProceedAfterFailure() => With(() => Proceeds = true);

    public ITargetDefinition Unlisted() => With(() => IsListed = false);

    public ITargetDefinition Partition(int size)
    {
        Assert.True(size > 1);
        return With(() => PartitionSize = size);
    }

    public ITargetDefinition Base() => _overridden.TryDequeue(out var overridden)
        ? Inherit(Overriding.ValueOf<Target>(overridden, build))
        : throw new UsageException($"Target '{member.DeclaringType}.{member.Name}' does not have any base members. To inherit from an interface default implementation, use Inherit<T> instead.");

    public ITargetDefinition Inherit(params Target[] targets) => With(() => Array.ForEach(targets, x => x(this)));

    public ITargetDefinition Inherit<T>(params Expression<Func<T, Target>>[] targets)
    {
        var properties = targets.Length == 0 ? [Only<T, Target>()] : targets.Select(x => (PropertyInfo)((MemberExpression)x.Body).Member);
        return Inherit([.. properties.Select(x => Overriding.ValueOf<Target>(x, build))]);
    }

    private TargetDefinition With(Action change)
    {
        change();
        return this;
    }

    private static void Wait(object? result) => (result as Task)?.GetAwaiter().GetResult();
}
