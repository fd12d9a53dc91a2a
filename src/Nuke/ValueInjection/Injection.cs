using System.Reflection;
using Nuke.Common.Execution;
using Nuke.Common.Parameters;
using Serilog;

namespace Nuke.Common.ValueInjection;

/// <summary>Fills the members that attributes other than [Parameter] provide. What cannot be provided is a warning, and the member stays as it is.</summary>
internal static class Injection
{
    public static void Inject(NukeBuild build)
    {
        var members = Members.With<ValueInjectionAttributeBase>(build.GetType()).Where(x => x.Attribute is not ParameterAttribute);
        foreach (var (member, attribute) in members.OrderByDescending(x => x.Attribute.Priority))
        {
            attribute.Build = build;
            try
            {
                if (attribute.GetValue(member, build) is { } value)
                    Members.Set(member, build, value);
            }
            catch (Exception exception)
            {
                if (!attribute.SuppressWarnings && !member.IsDefined(typeof(OptionalAttribute)))
                    Log.Warning("Could not inject value for {Type:l}.{Member:l}: {Reason:l}", build.GetType().Name, member.Name, Failure.Unwrap(exception).Message);
            }
        }
    }
}
