using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Parameters;

namespace Nuke.Common.Execution;

/// <summary>Checks what scheduled targets, and the build itself, require.</summary>
internal static class Requirements
{
    /// <summary>Throws <see cref="UsageException"/> with every unmet requirement.</summary>
    public static void Check(NukeBuild build, IReadOnlyList<Option> options)
    {
        var unmet = build.ScheduledTargets
            .SelectMany(target => target.Definition.Requirements.Select(x => Unmet(target, x, options)))
            .Concat(options.Where(x => x.Member?.IsDefined(typeof(RequiredAttribute)) == true).Select(x => Unmet(build, x)))
            .OfType<string>()
            .Distinct()
            .ToList();
        if (unmet.Count > 0)
            throw new UsageException(unmet);
    }

    private static string? Unmet(ExecutableTarget target, Requirement requirement, IReadOnlyList<Option> options)
    {
        var body = requirement.Expression.Body;
        if (body.Type == typeof(bool))
            return (bool)Evaluate(body)! ? null : $"Target '{target.Name}' requires '{requirement.Text ?? body.ToString()}'";

        if (!IsMissing(Evaluate(body)))
            return null;

        var member = (Strip(body) as MemberExpression)?.Member;
        var option = options.FirstOrDefault(x => x.Member != null && x.Member.Name == member?.Name);
        return $"Target '{target.Name}' requires member '{option?.Name ?? member?.Name ?? body.ToString()}' to be not null or empty{Way(option)}";
    }

    private static string? Unmet(NukeBuild build, Option option) =>
        IsMissing(Members.Get(option.Member!, build))
            ? $"Member '{option.Name}' is required to be not null or empty{Way(option)}"
            : null;

    private static string Way(Option? option) =>
        option is null ? "" : $": give --{option.DashedName} or set the environment variable {option.VariableName}";

    private static bool IsMissing(object? value) => value is null || (value is string text && string.IsNullOrWhiteSpace(text));

    // Walking the members is much quicker than compiling the expression.
    private static object? Evaluate(Expression expression) => expression switch
    {
        ConstantExpression constant => constant.Value,
        MemberExpression { Member: FieldInfo field } member => field.GetValue(member.Expression is null ? null : Evaluate(member.Expression)),
        UnaryExpression { NodeType: ExpressionType.Convert } convert when convert.Type.IsAssignableFrom(convert.Operand.Type)
            || Nullable.GetUnderlyingType(convert.Type) == convert.Operand.Type => Evaluate(convert.Operand),
        _ => Expression.Lambda(expression).Compile(preferInterpretation: true).DynamicInvoke(),
    };

    private static Expression Strip(Expression expression) =>
        expression is UnaryExpression { NodeType: ExpressionType.Convert } convert ? Strip(convert.Operand) : expression;
}
