using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote.GitHub;

namespace RunnerBuild.Operating;

/// <summary>The archives of actions that repositories use, as far as they can be had: what fails of one keeps no other away.</summary>
/// <param name="note">Told what is left to jobs.</param>
internal sealed class ActionHarvest(Action<string> note)
{
    private readonly Dictionary<ActionArchive, ActionSource> _wanted = [];
    private readonly Dictionary<ActionArchive, byte[]> _contents = [];
    private readonly List<RunnerBuildException> _faults = [];

    public IReadOnlyCollection<ActionArchive> Wanted => _wanted.Keys;

    /// <summary>Of those that were downloaded.</summary>
    public IReadOnlyDictionary<ActionArchive, byte[]> Contents => _contents;

    /// <summary>Every workflow was read, so that nobody uses what is not wanted.</summary>
    public bool IsWhole { get; private set; } = true;

    /// <summary>Reads the workflows of a scope's repositories.</summary>
    public async Task ReadAsync(ActionSource source, CancellationToken cancel)
    {
        IReadOnlyList<string> repositories = [];
        IsWhole &= await AttemptAsync(async () => repositories = await source.RepositoriesAsync(cancel));
        foreach (var repository in repositories)
            IsWhole &= await AttemptAsync(async () =>
            {
                foreach (var action in await source.UsedAsync(repository, cancel))
                    await AddAsync(source, repository, action, cancel);
            });
    }

    public async Task DownloadAsync(Func<ActionArchive, bool> isMissing, CancellationToken cancel)
    {
        foreach (var (archive, source) in _wanted.Where(pair => isMissing(pair.Key)))
            await AttemptAsync(async () => _contents[archive] = await source.DownloadAsync(archive, cancel));
    }

    /// <summary>Errors: <see cref="RunnerBuildException"/> with all that could not be had.</summary>
    public void RequireAll()
    {
        if (_faults.Count > 0)
            throw new RunnerBuildException(
                "Not all archives of actions could be had; the hosts have the others.", string.Join('\n', _faults.Select(fault => $"{fault.What} {fault.Why}").Distinct()), _faults[0].Fix);
    }

    private async Task AddAsync(ActionSource source, string repository, UsedAction action, CancellationToken cancel)
    {
        if (await source.ResolveAsync(action, cancel) is { } archive)
            _wanted.TryAdd(archive, source);
        else
            note($"{action.Repository}@{action.Ref}, which {repository} uses, is private, or not to be seen by this credential; jobs download it themselves");
    }

    private async Task<bool> AttemptAsync(Func<Task> work)
    {
        try
        {
            await work();
            return true;
        }
        catch (RunnerBuildException fault)
        {
            _faults.Add(fault);
            return false;
        }
    }
}
