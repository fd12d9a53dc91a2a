#nullable disable
using Nuke.Common.Execution;

namespace Nuke.Common;

/// <summary>Describes one unit of work; a build's target is a property of this type.</summary>
public delegate ITargetDefinition Target(ITargetDefinition definition);

public static class ExecutableTargetExtensions
{
    public static bool Contains(this IEnumerable<ExecutableTarget> targets, Target target) => targets.Any(x => x.Factory.Equals(target));
}
