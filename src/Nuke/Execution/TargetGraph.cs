using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>All targets of a build in declaration order, derived class first, components last, with their edges.</summary>
internal static class TargetGraph
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    public static IReadOnlyList<PropertyInfo> Members(Type build)
    {
        var members = new List<PropertyInfo>();
        for (var type = build; type != null && type != typeof(NukeBuild); type = type.BaseType)
            members.AddRange(type.GetProperties(Declared).Where(x => IsTarget(x) && !x.Name.Contains('.', StringComparison.Ordinal) && members.All(known => known.Name != x.Name)));

        var components = build.GetInterfaces().SelectMany(x => x.GetProperties(Declared)).Where(x => IsTarget(x) && !x.Name.Contains('.', StringComparison.Ordinal));
        foreach (var same in components.GroupBy(x => x.Name))
            AddOfComponents([.. same], members);
        return members;
    }

    public static IReadOnlyList<ExecutableTarget> Of(NukeBuild build, IReadOnlyCollection<string> defaults)
    {
        var targets = Members(build.GetType()).Select(member => Create(build, member, defaults)).ToList();
        foreach (var target in targets)
            Connect(target, targets);
        foreach (var target in targets)
            target.ArtifactDependencies = ArtifactsOf(target, targets);
        return targets;
    }

    private static bool IsTarget(PropertyInfo property) =>
        property.PropertyType == typeof(Target) || property.PropertyType == typeof(Setup) || property.PropertyType == typeof(Cleanup);

    private static void AddOfComponents(List<PropertyInfo> same, List<PropertyInfo> members)
    {
        if (members.Find(x => x.Name == same[0].Name) is { } own)
        {
            if (!own.GetMethod!.IsPublic)
                throw new UsageException($"Target '{own.Name}' must be public to take the place of the one of {same[0].DeclaringType!.Name}.");
            return;
        }

        // Of a component that hides the target of another, its own counts.
        var derived = same.Where(x => !same.Exists(y => y != x && x.DeclaringType!.IsAssignableFrom(y.DeclaringType))).ToList();
        if (derived.Count > 1)
            throw new UsageException($"Target '{derived[0].Name}' comes from several components ({string.Join(", ", derived.Select(x => x.DeclaringType!.Name))}): implement it in the build.");
        members.Add(derived[0]);
    }

    private static ExecutableTarget Create(NukeBuild build, PropertyInfo member, IReadOnlyCollection<string> defaults)
    {
        var factory = (Delegate)member.GetValue(build)!;
        var definition = new TargetDefinition(build, member);
        _ = factory switch
        {
            Target target => target(definition),
            Setup setup => setup(definition),
            _ => ((Cleanup)factory)(definition),
        };
        return new ExecutableTarget(member, factory, definition) { IsDefault = defaults.Contains(member.Name) };
    }

    private static void Connect(ExecutableTarget target, IReadOnlyList<ExecutableTarget> targets)
    {
        Add(target.ExecutionDependencies, x => x.DependsOnTargets, x => x.DependentForTargets);
        Add(target.OrderDependencies, x => x.AfterTargets, x => x.BeforeTargets);
        Add(target.TriggerDependencies, x => x.TriggeredByTargets, x => x.TriggersTargets);
        Add(target.Triggers, x => x.TriggersTargets, x => x.TriggeredByTargets);
        if (target.Factory is Setup)
        {
            var cleanup = targets.Single(x => x.Factory is Cleanup && x.Member.DeclaringType == target.Member.DeclaringType);
            target.Triggers.Add(cleanup);
            cleanup.TriggerDependencies.Add(target);
        }

        void Add(List<ExecutableTarget> edges, Func<TargetDefinition, List<Delegate>> own, Func<TargetDefinition, List<Delegate>> others)
        {
            edges.AddRange(own(target.Definition).Select(factory => Find(target, factory, targets)));
            edges.AddRange(targets.Where(x => x != target && others(x.Definition).Any(factory => factory.Equals(target.Factory))));
            if (edges.Contains(target))
                throw new UsageException($"Target '{target.Name}' cannot have a dependency on itself");
        }
    }

    private static ILookup<ExecutableTarget, string> ArtifactsOf(ExecutableTarget target, IReadOnlyList<ExecutableTarget> targets) =>
        target.Definition.Consumed
            .Select(x => (From: Find(target, x.Target, targets), x.Artifacts))
            .SelectMany(x => x.Artifacts.Length > 0 ? x.Artifacts : [.. x.From.ArtifactProducts], (x, artifact) => (x.From, artifact))
            .ToLookup(x => x.From, x => x.artifact);

    private static ExecutableTarget Find(ExecutableTarget from, Delegate? factory, IReadOnlyList<ExecutableTarget> targets) =>
        targets.FirstOrDefault(x => x.Factory.Equals(factory))
        ?? throw new UsageException($"Target '{from.Name}' refers to a target that is no property of the build");
}
