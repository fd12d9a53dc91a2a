using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>All targets of a build in declaration order, derived class first, with their edges.</summary>
internal static class TargetGraph
{
    public static IReadOnlyList<PropertyInfo> Members(Type build)
    {
        var members = new List<PropertyInfo>();
        for (var type = build; type != null && type != typeof(NukeBuild); type = type.BaseType)
        {
            var declared = type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly);
            members.AddRange(declared.Where(x => x.PropertyType == typeof(Target) && members.All(known => known.Name != x.Name)));
        }

        return members;
    }

    public static IReadOnlyList<ExecutableTarget> Of(NukeBuild build, IReadOnlyCollection<string> defaults)
    {
        var targets = Members(build.GetType()).Select(member => Create(build, member, defaults)).ToList();
        foreach (var target in targets)
            Connect(target, targets);
        return targets;
    }

    private static ExecutableTarget Create(NukeBuild build, PropertyInfo member, IReadOnlyCollection<string> defaults)
    {
        var factory = (Target)member.GetValue(build)!;
        var definition = new TargetDefinition();
        factory(definition);
        return new ExecutableTarget(member.Name, factory, definition) { IsDefault = defaults.Contains(member.Name) };
    }

    private static void Connect(ExecutableTarget target, IReadOnlyList<ExecutableTarget> targets)
    {
        Add(target.ExecutionDependencies, x => x.DependsOnTargets, x => x.DependentForTargets);
        Add(target.OrderDependencies, x => x.AfterTargets, x => x.BeforeTargets);
        Add(target.TriggerDependencies, x => x.TriggeredByTargets, x => x.TriggersTargets);
        Add(target.Triggers, x => x.TriggersTargets, x => x.TriggeredByTargets);

        void Add(List<ExecutableTarget> edges, Func<TargetDefinition, List<Target>> own, Func<TargetDefinition, List<Target>> others)
        {
            edges.AddRange(own(target.Definition).Select(factory => Find(target, factory, targets)));
            edges.AddRange(targets.Where(x => x != target && others(x.Definition).Any(factory => factory.Equals(target.Factory))));
            if (edges.Contains(target))
                throw new UsageException($"Target '{target.Name}' cannot have a dependency on itself");
        }
    }

    private static ExecutableTarget Find(ExecutableTarget from, Target? factory, IReadOnlyList<ExecutableTarget> targets) =>
        targets.FirstOrDefault(x => x.Factory.Equals(factory))
        ?? throw new UsageException($"Target '{from.Name}' refers to a target that is no property of the build");
}
