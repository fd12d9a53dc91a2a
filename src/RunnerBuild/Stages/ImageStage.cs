using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Docker;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>BuildCustomImage: the runner image, known by the hash of its inputs; images that pools bring are pulled.</summary>
internal sealed class ImageStage(ImageRecipe recipe, string repository, FleetHosts hosts, Report report) : Stage
{
    private readonly WantedLock _lock = new(recipe);
    private readonly ImageSpread _spread = new(recipe, repository, hosts, report);

    public override string Name => "BuildCustomImage";

    /// <summary>What else than the lock's file says goes into the image, in this run.</summary>
    public ImageLock? Candidate { get; set; }

    /// <summary>The image that the host's own pools are to be made from.</summary>
    public async Task<RunnerImage> WantedAsync(HostSession session, CancellationToken cancel) =>
        ImageOf(Candidate ?? await _lock.OfAsync(session, cancel), (await session.FactsAsync(cancel)).Architecture);

    /// <param name="architecture">As Debian calls it: `amd64` or `arm64`.</param>
    public RunnerImage ImageOf(ImageLock @lock, string architecture)
    {
        var image = RunnerImage.Of(recipe, @lock, architecture == "arm64" ? "arm64" : "x64", Path.Combine(repository, "runner-image"));
        return @lock.Pinned.TryGetValue(architecture, out var tag) ? image with { Recipe = tag, IsPinned = true } : image;
    }

    /// <summary>How many runner images a host keeps, the one in use included.</summary>
    public int Keep => recipe.Keep;

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        var facts = await session.FactsAsync(cancel);
        if (facts.Engine is null)
            return [new Change("docker", "engine", "not answering", "running", [], Refusal: "Run BootstrapHost first; if it did run: `systemctl status docker`.")];
        var built = session.Host.Pools.All(pool => pool.Image is not null) ? null : await WantedAsync(session, cancel);
        return
        [
            .. built is null || Candidate is not null ? [] : _lock.Diff(session),
            .. ImagePlan.Diff(session.Host, built, facts, await OtherSourceAsync(session, built, facts, cancel)),
        ];
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        var machine = await session.MachineAsync(cancel);
        foreach (var step in changes.SelectMany(change => change.Steps))
        {
            report.Progress(session.Name, $"{step}");
            if (step is WriteLock write)
                _lock.Save(write.Lock);
            else if (step is ObtainImage obtain)
                await _spread.ObtainAsync(session, obtain.Image, cancel);
            else if (step is PullImage pull)
                await ImagePull.RunAsync(machine, pull.Image, report.Lines(session.Name), cancel);
        }
    }

    private async Task<string?> OtherSourceAsync(HostSession session, RunnerImage? built, HostFacts facts, CancellationToken cancel) =>
        built is not null && !facts.Images.Contains(built.Reference) && await _spread.SourceAsync(session, built, cancel) is var source && source != session ? source.Name : null;
}
