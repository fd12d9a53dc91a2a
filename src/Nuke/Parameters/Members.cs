using System.Reflection;

namespace Nuke.Common.Parameters;

/// <summary>Fields and properties alike.</summary>
internal static class Members
{
    private const BindingFlags Declared =
        BindingFlags.Instance | BindingFlags.Static | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The members of a build, its base classes up to <see cref="NukeBuild"/>, and its components, that have an attribute of this kind.</summary>
    public static IEnumerable<(MemberInfo Member, T Attribute)> With<T>(Type build)
        where T : Attribute
    {
        var seen = new HashSet<string>();
        foreach (var member in Of(build))
        {
            if (member.GetCustomAttribute<T>() is { } attribute && seen.Add(member.Name))
                yield return (member, attribute);
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

    /// <summary>The values that the member of this name provides.</summary>
    public static IEnumerable<string> Provided(Type type, string name, object instance)
    {
        for (var owner = type; owner != null; owner = owner.BaseType)
        {
            if (owner.GetProperty(name, Declared) is { } property)
                return (IEnumerable<string>)property.GetValue(instance)!;
            if (owner.GetField(name, Declared) is { } field)
                return (IEnumerable<string>)field.GetValue(instance)!;
            if (owner.GetMethod(name, Declared, []) is { } method)
                return (IEnumerable<string>)method.Invoke(instance, [])!;
        }

        throw new InvalidOperationException($"No single provider '{type.Name}.{name}' found");
    }

    private static IEnumerable<MemberInfo> Of(Type build)
    {
        for (var type = build; type != null && type != typeof(NukeBuild); type = type.BaseType)
        {
            foreach (var member in type.GetFields(Declared).Concat<MemberInfo>(type.GetProperties(Declared)))
                yield return member;
        }

        foreach (var property in build.GetInterfaces().SelectMany(x => x.GetProperties(Declared)))
        {
            if (build.GetProperty(property.Name) is null)
                yield return property;
        }
    }

    private static FieldInfo BackingField(PropertyInfo property) =>
        property.DeclaringType!.GetField($"<{property.Name}>k__BackingField", Declared)
        ?? throw new InvalidOperationException($"The parameter {property.Name} can hold no value: give the property a setter or make it a field");
}
