using System.Reflection;

namespace Nuke.Common.Execution;

/// <summary>Reads a property as a certain class or interface declares it, past every override.</summary>
internal static class Overriding
{
    private const BindingFlags Declared = BindingFlags.Instance | BindingFlags.Public | BindingFlags.NonPublic | BindingFlags.DeclaredOnly;

    /// <summary>The properties of this name in the base classes, the nearest one first.</summary>
    public static Queue<PropertyInfo> BasesOf(NukeBuild build, PropertyInfo member)
    {
        var bases = new Queue<PropertyInfo>();
        for (var type = build.GetType().BaseType; type != null && type != typeof(NukeBuild); type = type.BaseType)
        {
            if (type.GetProperty(member.Name, Declared) is { } property)
                bases.Enqueue(property);
        }

        return bases;
    }

    // A delegate made of the bare function pointer calls just this getter, where reflection would call the most derived one.
    public static T ValueOf<T>(PropertyInfo property, object instance)
    {
        var getter = property.GetMethod!.MethodHandle.GetFunctionPointer();
        return ((Func<T>)Activator.CreateInstance(typeof(Func<T>), instance, getter)!)();
    }
}
