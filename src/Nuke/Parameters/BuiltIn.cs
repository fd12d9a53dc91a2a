using Nuke.Common.CI;

namespace Nuke.Common.Parameters;

/// <summary>The engine's own options. From the environment they need the prefix NUKE_.</summary>
internal static class BuiltIn
{
    public static readonly Option Target = new("Target", typeof(string[]))
    {
        Description = "List of targets to be invoked. Default is '{default_target}'",
        Separators = ['+', ','],
        NeedsPrefix = true,
    };

    public static readonly Option Skip = new("Skip", typeof(string[]))
    {
        Description = "List of targets to be skipped. Empty list skips all dependencies",
        Separators = ['+', ','],
        NeedsPrefix = true,
    };

    public static readonly Option Continue = new("Continue", typeof(bool)) { Description = "Indicates to continue a previously failed build attempt", NeedsPrefix = true };
    public static readonly Option Help = new("Help", typeof(bool)) { Description = "Shows the help text for this build assembly", NeedsPrefix = true };
    public static readonly Option Host = new("Host", typeof(string)) { Description = "Host for execution. Default is 'automatic'", NeedsPrefix = true };
    public static readonly Option NoLogo = new("NoLogo", typeof(bool)) { Description = "Disables displaying the NUKE logo", NeedsPrefix = true };

    public static readonly Option Parallel = new("Parallel", typeof(int))
    {
        Description = "Number of independent targets to run side by side. Without a number, as many as there are processors",
        IsBareAllowed = true,
        NeedsPrefix = true,
    };

    public static readonly Option Partition = new("Partition", typeof(Partition)) { Description = "Partition to use on CI", IsListed = false, NeedsPrefix = true };
    public static readonly Option Plan = new("Plan", typeof(bool)) { Description = "Shows the execution plan (as text)", NeedsPrefix = true };
    public static readonly Option Profile = new("Profile", typeof(string[])) { Description = "Defines the profiles to load", NeedsPrefix = true };

    public static readonly Option Root = new("Root", typeof(string))
    {
        Description = "Root directory during build execution",
        IsBareAllowed = true,
        NeedsPrefix = true,
    };

    public static readonly Option Strict = new("Strict", typeof(bool)) { IsListed = false, NeedsPrefix = true };
    public static readonly Option GenerateConfiguration = new("GenerateConfiguration", typeof(string)) { IsListed = false, NeedsPrefix = true };
    public static readonly Option Verbosity = new("Verbosity", typeof(Verbosity)) { Description = "Logging verbosity during build execution. Default is 'Normal'", NeedsPrefix = true };

    public static readonly Option[] All =
        [Continue, GenerateConfiguration, Help, Host, NoLogo, Parallel, Partition, Plan, Profile, Root, Skip, Strict, Target, Verbosity];

    /// <summary>Those that stand in the schema, as NUKE has them there.</summary>
    public static bool IsDocumented(Option option) => option.Description != null;

    /// <summary>The password of the secrets in .nuke/parameters.json, or in that of a profile: PARAMS_KEY, PARAMS_DEV_KEY.</summary>
    public static Option PasswordOf(string? profile) =>
        new(profile is null ? "PARAMS_KEY" : $"PARAMS_{profile.Replace('.', '_').ToUpperInvariant()}_KEY", typeof(string)) { IsSecret = true, IsListed = false };

    /// <summary>The password option that is spelled like this, whatever the profile; null when it is none.</summary>
    public static Option? PasswordNamed(string name) =>
        Names.Key(name) is ['p', 'a', 'r', 'a', 'm', 's', .. var profile, 'k', 'e', 'y'] ? PasswordOf(profile.Length > 0 ? profile : null) : null;
}
