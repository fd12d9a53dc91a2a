#nullable disable
using Nuke.Common.Execution;

namespace Nuke.Common;

/// <summary>Describes one unit of work; a build's target is a property of this type.</summary>
public delegate ITargetDefinition Target(ITargetDefinition definition);

/// <summary>The target of a component that makes ready; its <see cref="Cleanup"/> is triggered by it.</summary>
public delegate ITargetDefinition Setup(ITargetDefinition definition);

/// <summary>The target of a component that undoes its <see cref="Setup"/>, also after a failure.</summary>
public delegate ITargetDefinition Cleanup(ITargetDefinition definition);

public static class ExecutableTargetExtensions
{
    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Target target) => targets.Any(x => x.Factory.Equals(target));

    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Setup target) => targets.Any(x => x.Factory.Equals(target));

    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Cleanup target) => targets.Any(x => x.Factory.Equals(target));
}
