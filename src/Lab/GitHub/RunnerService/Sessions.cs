using System.Collections.Concurrent;

namespace Lab.GitHub.RunnerService;

/// <summary>The runners' open sessions. Not kept over a restart: a runner whose session is unknown opens a new one.</summary>
internal sealed class Sessions(GitHubOptions options, TimeProvider time)
{
    private readonly ConcurrentDictionary<long, Session> _byRunner = new();

    /// <summary>A new session, or null while another one of the same runner lives.</summary>
    public Session? Open(long runner)
    {
        lock (_byRunner)
        {
            if (Online(runner))
                return null;

            return _byRunner[runner] = new(Guid.NewGuid(), runner) { Seen = time.GetUtcNow() };
        }
    }

    public Session? Find(long runner, string? id) =>
        _byRunner.TryGetValue(runner, out var session) && session.Id.ToString() == id ? session : null;

    public void Close(long runner) => _byRunner.TryRemove(runner, out _);

    public bool Online(long runner) =>
        _byRunner.TryGetValue(runner, out var session)
        && (session.Polls > 0 || session.Seen + options.SessionSilence > time.GetUtcNow());

    /// <summary>Marks a session as polling until the result is disposed.</summary>
    public IDisposable Poll(Session session)
    {
        Interlocked.Increment(ref session.Polls);
        return new PollMark(session, time);
    }

    private sealed class PollMark(Session session, TimeProvider time) : IDisposable
    {
        public void Dispose()
        {
            session.Seen = time.GetUtcNow();
            Interlocked.Decrement(ref session.Polls);
        }
    }
}

/// <summary>One runner process that listens.</summary>
internal sealed class Session(Guid id, long runner)
{
    public int Polls;

    public Guid Id { get; } = id;
    public long Runner { get; } = runner;
    public DateTimeOffset Seen { get; set; }
}
