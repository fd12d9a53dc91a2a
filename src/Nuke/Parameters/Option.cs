using System.Reflection;

namespace Nuke.Common.Parameters;

/// <summary>Something that can be set from outside: a parameter of the build, or one of the engine's own (then Member is null).</summary>
internal sealed record Option(string Name, Type Type)
{
    public MemberInfo? Member { get; init; }
    public string? Description { get; init; }
    public char[] Separators { get; init; } = [];
    public bool IsListed { get; init; } = true;
    public bool IsSecret { get; init; }

    /// <summary>May stand without a value though it is no flag.</summary>
    public bool IsBareAllowed { get; init; }

    /// <summary>Of the environment only NUKE_NAME counts.</summary>
    public bool NeedsPrefix { get; init; }

    /// <summary>The target beside which words with <c>=</c> are values of this list.</summary>
    public string? PairsOf { get; init; }

    /// <summary>Whose member has the values that are allowed; null when the type alone decides.</summary>
    public (Type? Type, string Member)? ValueProvider { get; init; }

    public string Key { get; } = Names.Key(Name);
    public string DashedName => Names.Dashed(Name);
    public string VariableName => Names.Variable(Name);
    public bool IsBuiltIn => Member is null;

    /// <summary>The type of a value, or of one element of a list; never a Nullable.</summary>
    public Type ValueType { get; } = Nullable.GetUnderlyingType(ElementOf(Type) ?? Type) ?? ElementOf(Type) ?? Type;
    public bool IsList { get; } = ElementOf(Type) != null;
    public bool IsFlag => !IsList && ValueType == typeof(bool);
    public bool IsNullable => Nullable.GetUnderlyingType(Type) != null;

    public static Option Of(MemberInfo member, ParameterAttribute attribute) =>
        new(member.DeclaringType!.GetCustomAttribute<ParameterPrefixAttribute>(inherit: false)?.Prefix + (attribute.Name ?? member.Name), Members.TypeOf(member))
        {
            Member = member,
            Description = attribute.Description,
            Separators = attribute.Separator?.ToCharArray() ?? [],
            IsListed = attribute.List,
            IsSecret = member.IsDefined(typeof(SecretAttribute)),
            PairsOf = member.GetCustomAttribute<PairsOfAttribute>()?.Target,
            ValueProvider = attribute.ValueProviderMember is { } provider ? (attribute.ValueProviderType, provider) : null,
        };

    public bool Equals(Option? other) => other != null && Key == other.Key && Member == other.Member;

    public override int GetHashCode() => Key.GetHashCode(StringComparison.Ordinal);

    private static Type? ElementOf(Type type) =>
        type.IsArray ? type.GetElementType()
        : type.IsInterface && type.IsGenericType && type.GenericTypeArguments is [var element] && type.IsAssignableFrom(element.MakeArrayType()) ? element
        : null;
}
