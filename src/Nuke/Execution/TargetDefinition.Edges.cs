using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Which other targets a target names, by itself or through a component of the build.</summary>
internal sealed partial class TargetDefinition
{
    public List<Delegate> DependsOnTargets { get; } = [];
    public List<Delegate> DependentForTargets { get; } = [];
    public List<Delegate> BeforeTargets { get; } = [];
    public List<Delegate> AfterTargets { get; } = [];
    public List<Delegate> TriggersTargets { get; } = [];
    public List<Delegate> TriggeredByTargets { get; } = [];

    public ITargetDefinition DependsOn(params Target[] targets) => Add(DependsOnTargets, targets);

    public ITargetDefinition DependsOn<T>(params Func<T, Target>[] targets) => Add(DependsOnTargets, Of(targets));

    public ITargetDefinition TryDependsOn<T>(params Func<T, Target>[] targets) => build is T ? DependsOn(targets) : this;

    public ITargetDefinition DependentFor(params Target[] targets) => Add(DependentForTargets, targets);

    public ITargetDefinition DependentFor<T>(params Func<T, Target>[] targets) => Add(DependentForTargets, Of(targets));

    public ITargetDefinition TryDependentFor<T>(params Func<T, Target>[] targets) => build is T ? DependentFor(targets) : this;

    public ITargetDefinition Before(params Target[] targets) => Add(BeforeTargets, targets);

    public ITargetDefinition Before<T>(params Func<T, Target>[] targets) => Add(BeforeTargets, Of(targets));

    public ITargetDefinition TryBefore<T>(params Func<T, Target>[] targets) => build is T ? Before(targets) : this;

    public ITargetDefinition After(params Target[] targets) => Add(AfterTargets, targets);

    public ITargetDefinition After<T>(params Func<T, Target>[] targets) => Add(AfterTargets, Of(targets));

    public ITargetDefinition TryAfter<T>(params Func<T, Target>[] targets) => build is T ? After(targets) : this;

    public ITargetDefinition Triggers(params Target[] targets) => Add(TriggersTargets, targets);

    public ITargetDefinition Triggers<T>(params Func<T, Target>[] targets) => Add(TriggersTargets, Of(targets));

    public ITargetDefinition TryTriggers<T>(params Func<T, Target>[] targets) => build is T ? Triggers(targets) : this;

    public ITargetDefinition TriggeredBy(params Target[] targets) => Add(TriggeredByTargets, targets);

    public ITargetDefinition TriggeredBy<T>(params Func<T, Target>[] targets) => Add(TriggeredByTargets, Of(targets));

    public ITargetDefinition TryTriggeredBy<T>(params Func<T, Target>[] targets) => build is T ? TriggeredBy(targets) : this;

    public ITargetDefinition Produces(params string[] artifacts) => With(() => Products.AddRange(artifacts));

    public ITargetDefinition Consumes(params Target[] targets) => With(() => Consumed.AddRange(targets.Select(x => ((Delegate)x, Array.Empty<string>()))));

    public ITargetDefinition Consumes<T>(params Func<T, Target>[] targets) => Consumes(Of(targets));

    public ITargetDefinition Consumes(Target target, params string[] artifacts) => With(() => Consumed.Add((target, artifacts)));

    public ITargetDefinition Consumes<T>(Func<T, Target> target, params string[] artifacts) => Consumes(Of([target])[0], artifacts);

    public ITargetDefinition Consumes<T>(params string[] artifacts) => Consumes(Of<T>([])[0], artifacts);

    public ITargetDefinition DependsOnContext<T>()
        where T : INukeBuild
    {
        DependsOnTargets.Add((Setup)Only<T, Setup>().GetValue(Component<T>())!);
        BeforeTargets.Add((Cleanup)Only<T, Cleanup>().GetValue(Component<T>())!);
        return this;
    }

    private TargetDefinition Add(List<Delegate> edges, IEnumerable<Target> targets) => With(() => edges.AddRange(targets));

    // Without a selector the only target of the component is meant.
    private Target[] Of<T>(Func<T, Target>[] targets) =>
        targets.Length > 0 ? [.. targets.Select(x => x((T)Component<T>()))] : [(Target)Only<T, Target>().GetValue(Component<T>())!];

    private object Component<T>() => build is T
        ? build
        : throw new UsageException($"Target '{member.Name}' names a target of '{typeof(T).Name}', which '{build.GetType().Name}' does not implement: implement it, or use the Try… form.");

    private PropertyInfo Only<T, TKind>()
    {
        var properties = typeof(T).GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic).Where(x => x.PropertyType == typeof(TKind)).ToList();
        return properties is [var only]
            ? only
            : throw new UsageException($"Target '{member.Name}' refers to the {typeof(TKind).Name} of component '{typeof(T).Name}', which has {properties.Count}: name one, as in x => x.Name.");
    }
}
