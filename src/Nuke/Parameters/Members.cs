using System.Reflection;

namespace Nuke.Common.Parameters;

/// <summary>Fields and properties alike.</summary>
internal static class Members
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The members of a build and its base classes, up to <see cref="NukeBuild"/>, that are parameters.</summary>
    public static IEnumerable<(MemberInfo Member, ParameterAttribute Attribute)> ParametersOf(Type build)
    {
        var seen = new HashSet<string>();
        for (var type = build; type != null && type != typeof(NukeBuild); type = type.BaseType)
        {
            foreach (var member in type.GetFields(Declared).Concat<MemberInfo>(type.GetProperties(Declared)))
            {
                if (member.GetCustomAttribute<ParameterAttribute>() is { } attribute && seen.Add(member.Name))
                    yield return (member, attribute);
            }
        }
    }

    public static Type TypeOf(MemberInfo member) => member is FieldInfo field ? field.FieldType : ((PropertyInfo)member).PropertyType;

    public static object? Get(MemberInfo member, object instance) =>
        member is FieldInfo field ? field.GetValue(instance) : ((PropertyInfo)member).GetValue(instance);

    public static void Set(MemberInfo member, object instance, object? value)
    {
        if (member is PropertyInfo { CanWrite: true } property)
            property.SetValue(instance, value);
        else
            (member as FieldInfo ?? BackingField((PropertyInfo)member)).SetValue(instance, value);
    }

    private static FieldInfo BackingField(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", Declared)
        ?? throw new InvalidOperationException($"The parameter {property.Name} can hold no value: give the property a setter or make it a field");
}
