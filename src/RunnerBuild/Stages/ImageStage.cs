using System.Collections.Concurrent;
using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Docker;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>BuildCustomImage: the runner image, built on the host that needs it and known by the hash of its inputs; images that pools bring are pulled.</summary>
internal sealed class ImageStage(ImageRecipe recipe, string repository, Report report) : Stage
{
    private readonly ConcurrentDictionary<string, Lazy<Task<RunnerDownload>>> _downloads = new();

    public override string Name => "BuildCustomImage";

    /// <param name="architecture">As Debian calls it: `amd64` or `arm64`.</param>
    public async Task<RunnerImage> WantedAsync(string architecture, CancellationToken cancel)
    {
        var name = architecture == "arm64" ? "arm64" : "x64";
        var download = await _downloads.GetOrAdd(name, _ => new Lazy<Task<RunnerDownload>>(() => RunnerReleases.ResolveAsync(recipe.Runner, name, cancel))).Value;
        return RunnerImage.Of(recipe, download, name, Path.Combine(repository, "runner-image"));
    }

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        var facts = await session.FactsAsync(cancel);
        if (facts.Engine is null)
            return [new Change("docker", "engine", "not answering", "running", [], Refusal: "Run BootstrapHost first; if it did run: `systemctl status docker`.")];
        var built = session.Host.Pools.All(pool => pool.Image is not null) ? null : await WantedAsync(facts.Architecture, cancel);
        return [.. ImagePlan.Diff(session.Host, built, facts, facts.Engine.ApiVersion)];
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        var machine = await session.MachineAsync(cancel);
        foreach (var step in changes.SelectMany(change => change.Steps))
        {
            report.Progress(session.Name, $"{step}");
            if (step is BuildImage build)
                await ImageBuild.RunAsync(machine, build.ApiVersion, build.Image, report.Lines(session.Name), cancel);
            else if (step is PullImage pull)
                await ImagePull.RunAsync(machine, pull.Image, report.Lines(session.Name), cancel);
        }
    }
}
