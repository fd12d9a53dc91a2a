using System.Linq.Expressions;

namespace Nuke.Common.Execution;

/// <summary>Collects what a target says about itself.</summary>
internal sealed class TargetDefinition : ITargetDefinition
{
    public string? Text { get; private set; }
    public bool IsListed { get; private set; } = true;
    public bool IsAssured { get; private set; }
    public bool Proceeds { get; private set; }
    public DependencyBehavior DependencyBehavior { get; private set; } = DependencyBehavior.Skip;
    public List<Action> Actions { get; } = [];
    public List<Condition> DynamicConditions { get; } = [];
    public List<Condition> StaticConditions { get; } = [];
    public List<Requirement> Requirements { get; } = [];
    public List<Target> DependsOnTargets { get; } = [];
    public List<Target> DependentForTargets { get; } = [];
    public List<Target> BeforeTargets { get; } = [];
    public List<Target> AfterTargets { get; } = [];
    public List<Target> TriggersTargets { get; } = [];
    public List<Target> TriggeredByTargets { get; } = [];

    public ITargetDefinition Description(string description) => With(() => Text = description);

    public ITargetDefinition Executes(params Action[] actions) => With(() => Actions.AddRange(actions));

    public ITargetDefinition Executes<T>(Func<T> action) => Executes(() => Wait(action()));

    public ITargetDefinition Executes(Func<Task> action) => Executes(() => Wait(action()));

    public ITargetDefinition Executes(Func<Task> first, Func<Task> second, params Func<Task>[] more) =>
        Executes([() => Wait(first()), () => Wait(second()), .. more.Select<Func<Task>, Action>(action => () => Wait(action()))]);

    public ITargetDefinition DependsOn(params Target[] targets) => With(() => DependsOnTargets.AddRange(targets));

    public ITargetDefinition DependentFor(params Target[] targets) => With(() => DependentForTargets.AddRange(targets));

    public ITargetDefinition Before(params Target[] targets) => With(() => BeforeTargets.AddRange(targets));

    public ITargetDefinition After(params Target[] targets) => With(() => AfterTargets.AddRange(targets));

    public ITargetDefinition Triggers(params Target[] targets) => With(() => TriggersTargets.AddRange(targets));

    public ITargetDefinition TriggeredBy(params Target[] targets) => With(() => TriggeredByTargets.AddRange(targets));

    public ITargetDefinition OnlyWhenDynamic(Func<bool> condition, string? conditionExpression) =>
        With(() => DynamicConditions.Add(Condition.Of(condition, conditionExpression)));

    public ITargetDefinition OnlyWhenStatic(Func<bool> condition, string? conditionExpression) =>
        With(() => StaticConditions.Add(Condition.Of(condition, conditionExpression)));

    public ITargetDefinition WhenSkipped(DependencyBehavior dependencyBehavior) => With(() => DependencyBehavior = dependencyBehavior);

    public ITargetDefinition Requires<T>(Expression<Func<T>> parameterRequirement, params Expression<Func<T>>[] parameterRequirements)
        where T : class => Require([parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires<T>(Expression<Func<T?>> parameterRequirement, params Expression<Func<T?>>[] parameterRequirements)
        where T : struct => Require([parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires(Expression<Func<bool>> requirement, string? requirementExpression) =>
        With(() => Requirements.Add(new Requirement(requirement, requirementExpression is null ? null : Condition.BodyOf(requirementExpression))));

    public ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements) =>
        Require([requirement, .. requirements]);

    public ITargetDefinition AssuredAfterFailure() => With(() => IsAssured = true);

    public ITargetDefinition ProceedAfterFailure() => With(() => Proceeds = true);

    public ITargetDefinition Unlisted() => With(() => IsListed = false);

    private TargetDefinition Require(IEnumerable<LambdaExpression> expressions) =>
        With(() => Requirements.AddRange(expressions.Select(expression => new Requirement(expression))));

    private TargetDefinition With(Action change)
    {
        change();
        return this;
    }

    private static void Wait(object? result) => (result as Task)?.GetAwaiter().GetResult();
}
