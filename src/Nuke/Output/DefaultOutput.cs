#nullable disable
namespace Nuke.Common;

/// <summary>The parts of the output that the engine writes by itself.</summary>
public enum DefaultOutput
{
    Logo,
    TargetHeader,
    TargetCollapse,
    ErrorsAndWarnings,
    TargetOutcome,
    BuildOutcome,
    Timestamps,
}

/// <summary>Leaves out parts of the output of this build.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class DisableDefaultOutputAttribute(params DefaultOutput[] disabledOutputs) : Attribute
{
    public DefaultOutput[] DisabledOutputs { get; } = disabledOutputs;
}
