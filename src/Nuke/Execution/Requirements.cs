using System.Linq.Expressions;
using System.Reflection;
using Nuke.Common.Parameters;

namespace Nuke.Common.Execution;

/// <summary>Checks what scheduled targets, and the build itself, require. A person at the terminal is asked for what is missing.</summary>
internal sealed class Requirements(NukeBuild build, IReadOnlyList<Option> options, Invocation invocation)
{
    /// <summary>Throws <see cref="UsageException"/> with every unmet requirement.</summary>
    public void Check()
    {
        var unmet = build.ScheduledTargets
            .SelectMany(target => target.Definition.Requirements.Select(x => Unmet(target, x)))
            .Concat(options.Where(x => x.Member?.IsDefined(typeof(RequiredAttribute)) == true).Select(Unmet))
            .OfType<string>()
            .Distinct()
            .ToList();
        if (unmet.Count > 0)
            throw new UsageException(unmet);
    }

    /// <summary>Tools are looked for before anything else is, as without them nothing can be done about the rest.</summary>
    public static void CheckTools(IEnumerable<ExecutableTarget> plan)
    {
        var unmet = plan.SelectMany(target => target.Definition.Tools.Select(x => x.Unmet(target))).OfType<string>().Distinct().ToList();
        if (unmet.Count > 0)
            throw new UsageException(unmet);
    }

    private string? Unmet(ExecutableTarget target, Requirement requirement)
    {
        var body = requirement.Expression.Body;
        if (body.Type == typeof(bool))
            return (bool)Evaluate(body)! ? null : $"Target '{target.Name}' requires '{requirement.Text ?? body.ToString()}'";

        var member = (Strip(body) as MemberExpression)?.Member;
        var option = options.FirstOrDefault(x => x.Member != null && x.Member.Name == member?.Name);
        return IsMissing(Evaluate(body)) && !Ask(option)
            ? $"Target '{target.Name}' requires member '{option?.Name ?? member?.Name ?? body.ToString()}' to be not null or empty{Way(option)}"
            : null;
    }

    private string? Unmet(Option option) => IsMissing(Members.Get(option.Member!, build)) && !Ask(option)
        ? $"Member '{option.Name}' is required to be not null or empty{Way(option)}"
        : null;

    private bool Ask(Option? option)
    {
        if (invocation.Ask is null || NukeBuild.Host is not Terminal || option is not { IsList: false, Member.DeclaringType.IsInterface: false })
            return false;

        var allowed = option.ValueProvider is null ? [] : Request.AllowedFor(option, build);
        while (invocation.Ask($"{option.Description?.TrimEnd('.') ?? option.Name}{(allowed.Count > 0 ? $" ({string.Join(", ", allowed)})" : "")}: ", option.IsSecret) is { Length: > 0 } text)
        {
            if (option.IsSecret)
                Output.SecretValues.Known.Add(text);
            try
            {
                if (allowed.Count > 0 && !allowed.Contains(text))
                    throw Conversion.NoneOf(text, allowed);
                Members.Set(option.Member!, build, Conversion.Convert(text, option.ValueType, invocation.WorkingDirectory));
                return true;
            }
            catch (FormatException exception)
            {
                Session.Required.Output.Line($"That {exception.Message}.");
            }
        }

        return false;
    }

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
