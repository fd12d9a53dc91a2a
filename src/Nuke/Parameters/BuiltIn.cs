namespace Nuke.Common.Parameters;

/// <summary>The engine's own options. From the environment they need the prefix NUKE_.</summary>
internal static class BuiltIn
{
    public static readonly Option Target = new("Target", typeof(string[]))
    {
        Description = "List of targets to be invoked. Default is '{default_target}'",
        Separators = ['+', ','],
    };

    public static readonly Option Skip = new("Skip", typeof(string[]))
    {
        Description = "List of targets to be skipped. Empty list skips all dependencies",
        Separators = ['+', ','],
    };

    public static readonly Option Help = new("Help", typeof(bool)) { Description = "Shows the help text for this build assembly" };
    public static readonly Option Plan = new("Plan", typeof(bool)) { Description = "Shows the execution plan and runs nothing" };
    public static readonly Option NoLogo = new("NoLogo", typeof(bool)) { Description = "Disables displaying the NUKE logo" };
    public static readonly Option Host = new("Host", typeof(string)) { Description = "Host for execution. Default is 'automatic'" };

    public static readonly Option Verbosity = new("Verbosity", typeof(Verbosity))
    {
        Description = "Logging verbosity during build execution. Default is 'Normal'",
    };

    public static readonly Option Root = new("Root", typeof(string))
    {
        Description = "Root directory during build execution",
        IsBareAllowed = true,
    };

    public static readonly Option[] All = [Help, Host, NoLogo, Plan, Root, Skip, Target, Verbosity];
}
