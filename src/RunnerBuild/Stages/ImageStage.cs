using System.Collections.Concurrent;
using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Docker;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>BuildCustomImage: the runner image, built on the host that needs it; known by the hash of its inputs.</summary>
internal sealed class ImageStage(ImageRecipe recipe, string repository, Report report) : Stage
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RunnerDownload>>> _downloads = new();

    public override string Name => "BuildCustomImage";

    /// <param name="architecture">As Debian calls it: `amd64` or `arm64`.</param>
    public async Task<RunnerImage> WantedAsync(string architecture, CancellationToken cancel)
    {
        var name = architecture == "arm64" ? "arm64" : "x64";
        var download = await _downloads.GetOrAdd(name, _ => new Lazy<Task<RunnerDownload>>(() => RunnerReleases.ResolveAsync(recipe.Runner, name, cancel))).Value;
        return RunnerImage.Of(recipe, download, Path.Combine(repository, "runner-image"));
    }

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        if (session.Host.Pools.All(pool => pool.Image is not null))
            return [];
        var facts = await session.FactsAsync(cancel);
        if (facts.Engine is null)
            return [new Change("docker", "engine", "not answering", "running", [], Refusal: "Run BootstrapHost first; if it did run: `systemctl status docker`.")];
        var image = await WantedAsync(facts.Architecture, cancel);
        return facts.Images.Contains(image.Reference)
            ? []
            : [new Change("image", "build", null, image.Reference, [new BuildImage(image, facts.Engine.ApiVersion)])];
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        foreach (var build in changes.SelectMany(change => change.Steps).OfType<BuildImage>())
        {
            report.Progress(session.Name, $"{build}");
            await ImageBuild.RunAsync(await session.MachineAsync(cancel), build.ApiVersion, build.Image, report.Lines(session.Name), cancel);
        }
    }
}
