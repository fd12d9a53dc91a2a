using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>The workflow that proves a runner by running a job.</summary>
internal static class CanarySection
{
    private static readonly Key<string> Repository = new(
        "repository", "Repository that has the workflow, as owner/name", GitHubSection.Repository) { Required = true };
    private static readonly Key<string> Workflow = new(
        "workflow", "File name of a workflow that can be dispatched",
        Texts.Like("the file name of a workflow, such as canary.yml", @"^[^/\s]+\.ya?ml$")
            .Unless(text => text.Contains('/', StringComparison.Ordinal), "only the file name belongs here, such as canary.yml"))
            { Default = "canary.yml" };
    private static readonly Key<string> ImageWorkflow = new(
        "imageWorkflow", "File name of the workflow that proves an image before slots are made from it",
        Texts.Like("the file name of a workflow, such as image-canary.yml", @"^[^/\s]+\.ya?ml$")) { Default = "image-canary.yml" };
    private static readonly Key<string> Image = new("image", "Image with a shell for those of its jobs that need one", Names.Image) { Default = "debian:trixie" };
    private static readonly Key<string> Ref = new(
        "ref", "Branch or tag to run it on", Texts.Loose("a branch or tag", @"^[^\s~^:?*\[\\]+$")) { Default = "main" };
    private static readonly Key<Settings> GitHub = new(
        "github", "How to get at it, where that differs from the fleet's", GitHubSection.Access) { Default = "{}" };

    public static Section Section { get; } = new(
        "canary", "The workflow that proves a runner by running a job", Repository, Workflow, ImageWorkflow, Image, Ref, GitHub);

    public static Canary Canary(Settings canary, Settings? fleetGitHub, IEnumerable<Host> hosts)
    {
        var repository = canary.Get(Repository);
        var scope = GitHubSection.RepositoryScope(canary.Get(GitHub).Over(fleetGitHub), repository);
        if (canary.Has(Repository) && !hosts.SelectMany(host => host.Pools).Any(pool => Serves(pool.Scope, repository)))
            canary.PlaceOf(Repository).Say(
                $"should be a repository that a pool of this fleet serves; none takes the jobs of '{repository}'");
        return new Canary(repository, canary.Get(Workflow), canary.Get(Ref), scope) { ImageWorkflow = canary.Get(ImageWorkflow), Image = canary.Get(Image) };
    }

    private static bool Serves(GitHubScope scope, string repository) => scope.Kind switch
    {
        ScopeKind.Repository => string.Equals(scope.Name, repository, StringComparison.OrdinalIgnoreCase),
        ScopeKind.Organization => scope.Name is null || repository.StartsWith($"{scope.Name}/", StringComparison.OrdinalIgnoreCase),
        _ => true,
    };
}
