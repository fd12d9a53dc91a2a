using System.Linq.Expressions;
using Nuke.Common.Tooling;

namespace Nuke.Common.Execution;

/// <summary>What must be given, hold, or be installed before the first target runs.</summary>
internal sealed partial class TargetDefinition
{
    public ITargetDefinition Requires<T>(Expression<Func<T>> parameterRequirement, params Expression<Func<T>>[] parameterRequirements)
        where T : class => Require([parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires<T>(Expression<Func<T?>> parameterRequirement, params Expression<Func<T?>>[] parameterRequirements)
        where T : struct => Require([parameterRequirement, .. parameterRequirements]);

    public ITargetDefinition Requires(Expression<Func<bool>> requirement, string? requirementExpression) =>
        With(() => Requirements.Add(new Requirement(requirement, requirementExpression is null ? null : Condition.BodyOf(requirementExpression))));

    public ITargetDefinition Requires(Expression<Func<bool>> requirement, params Expression<Func<bool>>[] requirements) =>
        Require([requirement, .. requirements]);

    public ITargetDefinition Requires<T>()
        where T : IRequireTool => With(() => Tools.Add(ToolRequirement.Of(typeof(T))));

    public ITargetDefinition Requires<T>(string version)
        where T : IRequireToolWithVersion => With(() => Tools.Add(ToolRequirement.Of(typeof(T))));

    public ITargetDefinition Requires(Expression<Func<Tool>> tool, params Expression<Func<Tool>>[] tools) =>
        With(() => Tools.AddRange(tools.Prepend(tool).Select(x => ToolRequirement.Of(((MemberExpression)x.Body).Member))));

    private TargetDefinition Require(IEnumerable<LambdaExpression> expressions) =>
        With(() => Requirements.AddRange(expressions.Select(expression => new Requirement(expression))));
}
