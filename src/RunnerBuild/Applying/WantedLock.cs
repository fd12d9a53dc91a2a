using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Docker;
using RunnerBuild.Remote.Releases;

namespace RunnerBuild.Applying;

/// <summary>The lock during one run: the file's, completed once for all hosts where it lacks something. It is the run's first host to need it that writes it.</summary>
internal sealed class WantedLock(ImageRecipe recipe)
{
    private readonly Lock _gate = new();
    private readonly ReleaseLookup _lookup = new(new ToolReleases());
    private Task<ImageLock>? _finding;
    private ImageLock? _file;
    private ImageLock? _wanted;
    private HostSession? _writer;

    public Task<ImageLock> OfAsync(HostSession session, CancellationToken cancel)
    {
        lock (_gate)
        {
            // One host's failure is its own: the next that asks looks for itself.
            if (_finding is null or { IsFaulted: true } or { IsCanceled: true })
                _finding = Task.Run(() => FindAsync(session, cancel), cancel);
            return _finding;
        }
    }

    private async Task<ImageLock> FindAsync(HostSession session, CancellationToken cancel)
    {
        _file = ImageLock.Load(recipe.LockFile);
        if (_file is not null && _file.Missing(recipe).IsEmpty)
            return _file;
        _wanted = await _lookup.CompleteAsync(recipe, _file ?? ImageLock.Empty, (reference, token) => DigestAsync(session, reference, token), cancel);
        _writer = session;
        return _wanted;
    }

    public ImmutableArray<Change> Diff(HostSession session) => _writer == session && _wanted is not null
        ? [ImagePlan.Lock(recipe.LockFile, _file, _wanted)]
        : [];

    public void Save(ImageLock wanted)
    {
        wanted.Save(recipe.LockFile);
        _writer = null;
    }

    private static async Task<string?> DigestAsync(HostSession session, string reference, CancellationToken cancel) =>
        await BaseDigest.AskAsync(await session.MachineAsync(cancel), (await session.FactsAsync(cancel)).Engine!.ApiVersion, reference, cancel);
}
