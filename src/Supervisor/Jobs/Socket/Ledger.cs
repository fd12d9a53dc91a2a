using System.Text.Json;
using System.Text.Json.Serialization;
using Supervisor.Docker;
using Supervisor.Systemd;

namespace Supervisor.Jobs.Socket;

internal enum ThingKind { Tag, Image, Volume, Cache }

/// <summary>Something in Docker that carries no label of ours, and the jobs that made or use it.</summary>
/// <param name="Before">The image that a tag named before a job gave it to another; null when it named none.</param>
internal sealed record LedgerEntry(ThingKind Kind, string Name, string? Before, IReadOnlyList<string> Runners);

/// <summary>Remembers, in a file, which images, tags, anonymous volumes and build cache jobs made, and removes them when the last of their jobs has ended.</summary>
internal sealed class Ledger : IDisposable
{
    private readonly EngineInventory engine;
    private readonly string path;
    private readonly SemaphoreSlim turn = new(1, 1);
    private readonly Dictionary<(ThingKind, string), LedgerEntry> entries;
    // The build cache there was before a job first built something.
    private readonly Dictionary<string, IReadOnlyList<string>> builders;
    private byte[] written = [];

    public Ledger(EngineInventory engine, string path, EventLog log)
    {
        (this.engine, this.path) = (engine, path);
        var known = Read(path, log);
        entries = known.Entries.DistinctBy(entry => (entry.Kind, entry.Name)).ToDictionary(entry => (entry.Kind, entry.Name));
        builders = known.Builders;
    }

    /// <summary>What there is before a request that may add images.</summary>
    public async Task<Inventory> LookAsync(CancellationToken cancel)
    {
        var images = await engine.ImagesAsync(cancel);
        return new Inventory(
            images.Select(image => image.Id).ToHashSet(),
            images.SelectMany(image => image.Tags.Select(tag => (tag, image.Id))).ToDictionary(pair => pair.tag, pair => pair.Id));
    }

    /// <summary>Notes what came since <paramref name="before"/> and what <paramref name="evidence"/> names, of which some may be another job's too.</summary>
    public async Task NoteAsync(string runner, Inventory before, ImageEvidence evidence, CancellationToken cancel)
    {
        var images = await engine.ImagesAsync(cancel);
        await ChangeAsync(() =>
        {
            foreach (var image in images)
            {
                var meant = evidence.Means(image);
                if (meant && !before.Images.Contains(image.Id))
                    Note(runner, ThingKind.Image, image.Id);
                else if (meant)
                    Share(runner, ThingKind.Image, image.Id);
                foreach (var tag in image.Tags.Where(tag => meant || evidence.Means(tag)))
                {
                    var named = before.Tags.GetValueOrDefault(tag);
                    if (named != image.Id)
                        Note(runner, ThingKind.Tag, tag, named);
                    else
                        Share(runner, ThingKind.Tag, tag);
                }
            }
        }, cancel);
    }

    /// <summary>A job is about to build: what comes into the build cache from now on may be its own.</summary>
    public Task NoteBuilderAsync(string runner, CancellationToken cancel) => builders.ContainsKey(runner) ? Task.CompletedTask : ChangeAsync(async () =>
    {
        if (!builders.ContainsKey(runner))
            builders[runner] = [.. (await engine.BuildCacheAsync(cancel)).Select(record => record.Id)];
    }, cancel);

    public Task NoteVolumesAsync(string runner, IReadOnlyList<string> names, CancellationToken cancel) =>
        names.Count == 0 ? Task.CompletedTask : ChangeAsync(() =>
        {
            foreach (var name in names)
                Note(runner, ThingKind.Volume, name);
        }, cancel);

    /// <summary>A job uses an image that another one made: it stays until both have ended.</summary>
    public async Task ShareAsync(string runner, string reference, CancellationToken cancel)
    {
        if (entries.Count == 0 || await engine.FindImageAsync(reference, cancel) is not { } image)
            return;
        await ChangeAsync(() =>
        {
            Share(runner, ThingKind.Image, image.Id);
            foreach (var tag in image.Tags)
                Share(runner, ThingKind.Tag, tag);
        }, cancel);
    }

    /// <summary>Whether nobody else has to do with an image; <paramref name="reference"/> is a tag or (the begin of) an id.</summary>
    public async Task<bool> IsOwnAsync(string runner, string reference, CancellationToken cancel)
    {
        if (await engine.FindImageAsync(reference, cancel) is not { } image)
            return true;
        await turn.WaitAsync(cancel);
        try
        {
            var tag = image.Tags.Contains(ImageEvidence.Normal(reference)) ? entries.GetValueOrDefault((ThingKind.Tag, ImageEvidence.Normal(reference))) : null;
            return (tag ?? entries.GetValueOrDefault((ThingKind.Image, image.Id))) is { Before: null } entry && entry.Runners is [var only] && only == runner;
        }
        finally
        {
            turn.Release();
        }
    }

    /// <summary>Removes what only jobs made that have ended. What is still in use, by a container of the host's say, is tried again next time.</summary>
    /// <exception cref="IOException">What is known now could not be written: after a crash, it would not be known.</exception>
    public async Task SweepAsync(IReadOnlySet<string> live, CancellationToken cancel)
    {
        if (await ChangeAsync(() => RemoveEndedAsync(live, cancel), cancel) is { } problem)
            throw new IOException(problem.Message, problem);
    }

    public void Dispose() => turn.Dispose();

    private async Task RemoveEndedAsync(IReadOnlySet<string> live, CancellationToken cancel)
    {
        await NoteCacheAsync(live, cancel);
        foreach (var entry in entries.Values.ToList())
            entries[(entry.Kind, entry.Name)] = entry with { Runners = [.. entry.Runners.Where(live.Contains)] };
        var doomed = entries.Values.Where(entry => entry.Runners.Count == 0).OrderBy(entry => entry.Kind).ToList();
        var before = -1;
        // An image goes only after those that are built on it, and so does build cache.
        while (doomed.Count > 0 && doomed.Count != before)
        {
            before = doomed.Count;
            foreach (var entry in doomed.ToList())
            {
                if (!await RemoveAsync(entry, cancel))
                    continue;
                doomed.Remove(entry);
                entries.Remove((entry.Kind, entry.Name));
            }
        }
    }

    // What came while two jobs built may be either's, and stays for both.
    private async Task NoteCacheAsync(IReadOnlySet<string> live, CancellationToken cancel)
    {
        if (builders.Keys.All(live.Contains))
            return;
        var records = await engine.BuildCacheAsync(cancel);
        foreach (var (runner, before) in builders.ToList())
        {
            foreach (var record in records.ExceptBy(before, record => record.Id))
                Note(runner, ThingKind.Cache, record.Id);
            if (!live.Contains(runner))
                builders.Remove(runner);
        }
    }

    private async Task<bool> RemoveAsync(LedgerEntry entry, CancellationToken cancel)
    {
        switch (entry)
        {
            case { Kind: ThingKind.Tag, Before: { } image } when await engine.TagAsync(image, entry.Name, cancel):
                return true;
            case { Kind: ThingKind.Volume }:
                return await engine.RemoveVolumeAsync(entry.Name, cancel);
            case { Kind: ThingKind.Cache }:
                await engine.RemoveBuildCacheAsync(entry.Name, cancel);
                return (await engine.BuildCacheAsync(cancel)).All(record => record.Id != entry.Name);
            default:
                return await engine.RemoveImageAsync(entry.Name, cancel);
        }
    }

    private void Note(string runner, ThingKind kind, string name, string? before = null)
    {
        var entry = entries.GetValueOrDefault((kind, name)) ?? new LedgerEntry(kind, name, before, []);
        entries[(kind, name)] = entry with { Runners = [.. entry.Runners.Append(runner).Distinct()] };
    }

    private void Share(string runner, ThingKind kind, string name)
    {
        if (entries.ContainsKey((kind, name)))
            Note(runner, kind, name);
    }

    private Task ChangeAsync(Action change, CancellationToken cancel) => ChangeAsync(
        () =>
        {
            change();
            return Task.CompletedTask;
        }, cancel);

    /// <returns>Why it could not be written, if so: a job's requests go on all the same, and each later change writes all anew.</returns>
    private async Task<Exception?> ChangeAsync(Func<Task> change, CancellationToken cancel)
    {
        await turn.WaitAsync(cancel);
        try
        {
            try
            {
                await change();
            }
            catch
            {
                // Some of it may have been done.
                TryWrite();
                throw;
            }
            return TryWrite();
        }
        finally
        {
            turn.Release();
        }
    }

    private Exception? TryWrite()
    {
        var content = JsonSerializer.SerializeToUtf8Bytes(new LedgerFile([.. entries.Values], builders), LedgerJson.Default.LedgerFile);
        if (content.AsSpan().SequenceEqual(written))
            return null;
        try
        {
            WholeFile.Write(path, content);
            written = content;
            return null;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return fault;
        }
    }

    // What it said is lost, which must not stop the jobs to come.
    private static LedgerFile Read(string path, EventLog log)
    {
        try
        {
            if (File.Exists(path))
                return JsonSerializer.Deserialize(File.ReadAllBytes(path), LedgerJson.Default.LedgerFile) ?? throw new JsonException("It holds null.");
        }
        catch (Exception fault) when (fault is JsonException or IOException or UnauthorizedAccessException)
        {
            log.Warning("service", $"{path} cannot be read ({fault.Message}) and is begun anew: images, volumes and build cache that earlier jobs left in Docker stay until somebody prunes them. {Keep(path)}");
        }
        return new LedgerFile([], new());
    }

    private static string Keep(string path)
    {
        try
        {
            File.Move(path, $"{path}.unreadable", overwrite: true);
            return $"What was there is kept as {path}.unreadable.";
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return $"No copy could be kept: {fault.Message}";
        }
    }
}

/// <param name="Tags">The image that each names.</param>
internal sealed record Inventory(IReadOnlySet<string> Images, IReadOnlyDictionary<string, string> Tags);

internal sealed record LedgerFile(IReadOnlyList<LedgerEntry> Entries, Dictionary<string, IReadOnlyList<string>> Builders);

[JsonSourceGenerationOptions(UseStringEnumConverter = true, RespectNullableAnnotations = true, RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(LedgerFile))]
internal sealed partial class LedgerJson : JsonSerializerContext;
