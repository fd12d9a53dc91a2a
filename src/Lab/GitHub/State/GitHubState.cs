using System.Text.Json;

namespace Lab.GitHub.State;

/// <summary>The one place that holds state: looked at and changed under a lock, and written to a file after each change.</summary>
internal sealed class GitHubState(string? file)
{
    private static readonly JsonSerializerOptions Format = new() { WriteIndented = true };

    private readonly Lock _gate = new();
    private readonly StateDocument _document = Load(file);
    private TaskCompletionSource _changed = new(TaskCreationOptions.RunContinuationsAsynchronously);

    /// <summary>Completes at the next change; take it before looking, so that no change is missed.</summary>
    public Task Changed => Volatile.Read(ref _changed).Task;

    public T Look<T>(Func<StateDocument, T> question)
    {
        lock (_gate)
            return question(_document);
    }

    public T Change<T>(Func<StateDocument, T> change)
    {
        lock (_gate)
        {
            var result = change(_document);
            if (result is null)
                return result;

            _document.ForgetOldJobs();
            Save();
            Interlocked.Exchange(ref _changed, new(TaskCreationOptions.RunContinuationsAsynchronously)).TrySetResult();
            return result;
        }
    }

    /// <summary>Wakes those who wait for a change that is not part of the document.</summary>
    public void Wake() => Change(_ => true);

    private void Save()
    {
        if (file is null)
            return;

        var draft = file + ".new";
        using (var stream = new FileStream(draft, new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        }))
            JsonSerializer.Serialize(stream, _document, Format);
        File.Move(draft, file, overwrite: true);
    }

    private static StateDocument Load(string? file)
    {
        if (file is null || !File.Exists(file))
            return new();

        try
        {
            using var stream = File.OpenRead(file);
            return JsonSerializer.Deserialize<StateDocument>(stream) ?? new();
        }
        catch (JsonException wrong)
        {
            throw new InvalidDataException($"{file} is not a state of the GitHub double ({wrong.Message}). Remove it to start afresh.", wrong);
        }
    }
}
