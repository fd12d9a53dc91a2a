#nullable disable
using System.Reflection;
using Nuke.Common.Execution;

namespace Nuke.Common.ValueInjection
{
    /// <summary>A field or property whose value an attribute provides.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public abstract class ValueInjectionAttributeBase : Attribute
    {
        public INukeBuild Build { get; internal set; }

        public virtual int Priority => 0;
        public virtual bool SuppressWarnings => false;

        public abstract object GetValue(MemberInfo member, object instance);
    }
}

namespace Nuke.Common
{
    /// <summary>A field or property that the command line, the environment or .nuke/parameters.json can set; otherwise its initializer holds.</summary>
    public class ParameterAttribute(string description = null) : ValueInjection.ValueInjectionAttributeBase
    {
        public virtual string Description { get; } = description;

        public string Name { get; set; }

        /// <summary>The character at which one text is split into the elements of an array.</summary>
        public string Separator { get; set; }

        /// <summary>False hides the parameter from the help text.</summary>
        public virtual bool List { get; set; } = true;

        /// <summary>The type that <see cref="ValueProviderMember"/> belongs to; the build when it is left out.</summary>
        public Type ValueProviderType { get; set; }

        /// <summary>The member, an <c>IEnumerable&lt;string&gt;</c>, that has the only values that are allowed.</summary>
        public string ValueProviderMember { get; set; }

        public override object GetValue(MemberInfo member, object instance) => Session.Required.Request?.ValueOf(member);
    }

    /// <summary>The member must have a value in every run, whatever the targets.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public class RequiredAttribute : Attribute;

    /// <summary>No warning when the member's value cannot be provided.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public class OptionalAttribute : Attribute;

    /// <summary>The member's value shows as *** in all output; in .nuke/parameters.json it stands encrypted.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
    public class SecretAttribute : Attribute;

    /// <summary>Words of the command line with <c>=</c> in them, which can name no target, are values of the member, a list, where this target is asked for.</summary>
    [AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
    public class PairsOfAttribute(string target) : Attribute
    {
        public string Target { get; } = target;
    }

    /// <summary>The parameters of this component have the prefix before their names.</summary>
    [AttributeUsage(AttributeTargets.Interface, Inherited = false)]
    public class ParameterPrefixAttribute(string prefix) : Attribute
    {
        public string Prefix { get; } = prefix.EndsWith("Prefix", StringComparison.Ordinal) ? prefix[..^"Prefix".Length] : prefix;
    }
}
