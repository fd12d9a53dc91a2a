using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>When the controller machine looks after the fleet by itself, and whom it tells.</summary>
internal static class NightlySection
{
    private static readonly Key<string> At = new(
        "at", "Time of the machine's day at which it begins", Texts.Like("a time of day in quotes, such as \"03:30\"", "^([01][0-9]|2[0-3]):[0-5][0-9]$")) { Default = "\"03:30\"" };
    private static readonly Key<int> Spread = new("spread", "It begins up to so many minutes later, so that not everybody asks at once", Texts.Number(0, 720)) { Default = "30" };
    private static readonly Key<int> Keep = new("keep", "How many reports are kept", Texts.Number(1, 1000)) { Default = "30" };
    private static readonly Key<string> Issues = new(
        "issues", "Repository in which an issue says that it fails, and until when; without, nobody is told", GitHubSection.Repository);
    private static readonly Key<Settings> GitHub = new(
        "github", "How to get at that repository, where that differs from the fleet's: Issues, read and write", GitHubSection.Access) { Default = "{}" };

    public static Section Section { get; } = new(
        "nightly", "When the machine that has this file refreshes the image and looks at everything by itself, once InstallNightly was run there", At, Spread, Keep, Issues, GitHub);

    public static Nightly Nightly(Settings nightly, Settings? fleetGitHub) => new(
        nightly.Get(At), nightly.Get(Spread), nightly.Get(Keep),
        nightly.Has(Issues) ? GitHubSection.RepositoryScope(nightly.Get(GitHub).Over(fleetGitHub), nightly.Get(Issues)) : null);
}
