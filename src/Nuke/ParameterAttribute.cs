#nullable disable
namespace Nuke.Common;

/// <summary>A field or property that the command line, the environment or .nuke/parameters.json can set; otherwise its initializer holds.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class ParameterAttribute(string description = null) : Attribute
{
    public virtual string Description { get; } = description;

    public string Name { get; set; }

    /// <summary>The character at which one text is split into the elements of an array.</summary>
    public string Separator { get; set; }

    /// <summary>False hides the parameter from the help text.</summary>
    public virtual bool List { get; set; } = true;
}

/// <summary>The member must have a value in every run, whatever the targets.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field)]
public class RequiredAttribute : Attribute;

/// <summary>The member's value shows as *** in all output and is not read from .nuke/parameters.json.</summary>
[AttributeUsage(AttributeTargets.Property | AttributeTargets.Field | AttributeTargets.Parameter)]
public class SecretAttribute : Attribute;
