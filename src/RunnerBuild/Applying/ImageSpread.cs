using System.Collections.Concurrent;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Docker;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Terminal;

namespace RunnerBuild.Applying;

/// <summary>The hosts of a fleet during a run.</summary>
/// <param name="Taking">Those that take part and have not failed, now.</param>
/// <param name="Outside">Those beyond the run's limit: nothing is changed there.</param>
internal sealed record FleetHosts(Func<IEnumerable<HostSession>> Taking, IReadOnlyList<HostSession> Outside);

/// <summary>
/// Gives hosts an image that is built once for each architecture: whoever needs it first starts the build on the host that all agree on,
/// and the others wait for it. A host that is lost on the way is left out, and the next takes its place.
/// </summary>
/// <param name="repository">Absolute path of the project.</param>
internal sealed class ImageSpread(ImageRecipe recipe, string repository, FleetHosts hosts, Report report)
{
    // Each stream passes through this machine twice: two keep its network busy, more would only divide it.
    private static readonly SemaphoreSlim Streams = new(2);
    private readonly ConcurrentDictionary<(string Host, string Reference), Lazy<Task<StoredImage>>> _made = new();
    private readonly ConcurrentDictionary<(string Host, string Reference), Lazy<Task>> _pushed = new();
    private readonly ConcurrentDictionary<string, byte> _lost = new();
    private readonly ImageRegistry? _registry = recipe.Registry is { } name ? new ImageRegistry(name) : null;

    /// <summary>The host that an image comes from, or is built on; the asking one itself when there is no other.</summary>
    public async Task<HostSession> SourceAsync(HostSession session, RunnerImage image, CancellationToken cancel)
    {
        var architecture = (await session.FactsAsync(cancel)).Architecture;
        var known = await LookAsync(hosts.Taking(), true, architecture, cancel);
        if (!known.Any(entry => entry.Candidate.Has(image.Reference)))
            known = [.. known, .. await LookAsync(hosts.Outside, false, architecture, cancel)];
        var name = ImageSource.Of(session.Name, image.Reference, recipe.Builder, known.Select(entry => entry.Candidate));
        return known.FirstOrDefault(entry => entry.Session.Name == name).Session ?? session;
    }

    /// <summary>Brings an image to a host that lacks it. Errors: <see cref="RunnerBuildException"/>; the host has then what it had.</summary>
    public async Task ObtainAsync(HostSession session, RunnerImage image, CancellationToken cancel)
    {
        for (; ; )
        {
            var source = await SourceAsync(session, image, cancel);
            try
            {
                await (source == session ? MadeAsync(session, image, cancel) : FromAsync(source, session, image, cancel));
                return;
            }
            catch (HostUnreachableException fault) when (source != session && fault.Machine == source.Host.Ssh.ForPeople)
            {
                _lost[source.Name] = 0;
                report.Note(session.Name, $"{source.Name}, which the image was to come from, was lost ({fault.Why}): going on without it");
            }
        }
    }

    private async Task<IReadOnlyList<(HostSession Session, ImageCandidate Candidate)>> LookAsync(
        IEnumerable<HostSession> sessions, bool takes, string architecture, CancellationToken cancel)
    {
        var known = await Task.WhenAll(sessions.Where(session => !_lost.ContainsKey(session.Name) && session.UnknownUntil is null)
            .Select(async session => (Session: session, Facts: await FactsOfAsync(session, takes, cancel))));
        return [.. known.Where(entry => entry.Facts is { Engine: not null } facts && facts.Architecture == architecture)
            .Select(entry => (entry.Session, new ImageCandidate(entry.Session.Host, entry.Facts!, takes)))];
    }

    /// <summary>Null: it cannot be asked. That is told where it is looked at for its own sake.</summary>
    private async Task<HostFacts?> FactsOfAsync(HostSession session, bool takes, CancellationToken cancel)
    {
        try
        {
            return await session.FactsAsync(cancel);
        }
        catch (RunnerBuildException)
        {
            if (!takes)
                _lost[session.Name] = 0;
            return null;
        }
    }

    private async Task FromAsync(HostSession source, HostSession session, RunnerImage image, CancellationToken cancel)
    {
        var machine = await session.MachineAsync(cancel);
        var lines = report.Lines(session.Name);
        if (_registry is not null && await _registry.TryPullAsync(machine, image, lines, cancel))
        {
            await StoredImage.RequireAsync(machine, image, null, cancel);
            return;
        }

        var original = await MadeForOthersAsync(source, session, image, cancel);
        if (_registry is not null)
        {
            await PushedAsync(source, image, cancel);
            await _registry.RequireAsync(machine, image, lines, cancel);
        }
        else
            await StreamAsync(source, session, image, original, cancel);
        await StoredImage.RequireAsync(machine, image, original, cancel);
    }

    private async Task StreamAsync(HostSession source, HostSession session, RunnerImage image, StoredImage original, CancellationToken cancel)
    {
        await Streams.WaitAsync(cancel);
        try
        {
            var copy = new ImageCopy(await source.MachineAsync(cancel), await session.MachineAsync(cancel), image.Reference);
            await copy.RunAsync(original.Size, text => report.Progress(session.Name, $"{text} from {source.Name}"), cancel);
        }
        finally
        {
            Streams.Release();
        }
    }

    private async Task<StoredImage> MadeForOthersAsync(HostSession source, HostSession session, RunnerImage image, CancellationToken cancel)
    {
        try
        {
            return await MadeAsync(source, image, cancel);
        }
        catch (RunnerBuildException fault) when (fault is not HostUnreachableException)
        {
            throw new RunnerBuildException($"{session.Name} did not get {image.Reference}: it was to come from {source.Name}.", fault.What, $"See what {source.Name} says. {fault.Fix}");
        }
    }

    private Task<StoredImage> MadeAsync(HostSession source, RunnerImage image, CancellationToken cancel) =>
        _made.GetOrAdd((source.Name, image.Reference), _ => new Lazy<Task<StoredImage>>(() => MakeAsync(source, image, cancel))).Value;

    private async Task<StoredImage> MakeAsync(HostSession source, RunnerImage image, CancellationToken cancel)
    {
        var machine = await source.MachineAsync(cancel);
        if (await StoredImage.FindAsync(machine, image.Reference, cancel) is { } stored && stored.Recipe == image.Recipe)
            return stored;
        if (image.IsPinned)
            throw new RunnerBuildException(
                $"The image {image.Reference}, which a rollback went to, is on no host.", "The recipe's files have changed since it was built, so it cannot be built again.",
                $"Remove `pinned` from {Path.GetFileName(recipe.LockFile)} to go on with the releases in it, or run RefreshImage.");
        if (_registry is not null && await _registry.TryPullAsync(machine, image, report.Lines(source.Name), cancel))
            await StoredImage.RequireAsync(machine, image, null, cancel);
        else
            await BuildAsync(source, machine, image, cancel);
        source.Forget();
        return (await StoredImage.FindAsync(machine, image.Reference, cancel))!;
    }

    private async Task BuildAsync(HostSession source, SshMachine machine, RunnerImage image, CancellationToken cancel)
    {
        var engine = (await source.FactsAsync(cancel)).Engine!;
        report.Progress(source.Name, $"building {image.Reference} {(engine.BuildKit ? "with BuildKit" : "with the classic builder")}");
        await ImageBuild.RunAsync(machine, engine, image, repository, report.Lines(source.Name), cancel);
        if (_registry is not null)
            await PushedAsync(source, image, cancel);
    }

    private Task PushedAsync(HostSession source, RunnerImage image, CancellationToken cancel) =>
        _pushed.GetOrAdd((source.Name, image.Reference), _ => new Lazy<Task>(async () =>
            await _registry!.PushAsync(await source.MachineAsync(cancel), image, report.Lines(source.Name), cancel))).Value;
}
