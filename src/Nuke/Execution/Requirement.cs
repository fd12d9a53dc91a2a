using System.Linq.Expressions;

namespace Nuke.Common.Execution;

/// <summary>A member that must have a value, or a condition that must hold; Text is the condition's source when it is known.</summary>
internal sealed record Requirement(LambdaExpression Expression, string? Text = null);
