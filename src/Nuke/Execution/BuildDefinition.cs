using System.Linq.Expressions;

namespace Nuke.Common.Execution;

/// <summary>A build as a program names it: its class, how to make one, and the targets that run when none is asked for.</summary>
internal sealed record BuildDefinition(Type Type, Func<NukeBuild> Create, IReadOnlyList<string> Defaults)
{
    public static BuildDefinition Of<T>(params Expression<Func<T, Target>>[] defaults)
        where T : NukeBuild, new() =>
        new(typeof(T), () => new T(), [.. defaults.Select(x => ((MemberExpression)x.Body).Member.Name)]);
}
