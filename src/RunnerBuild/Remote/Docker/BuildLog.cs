using Docker.DotNet.Models;

namespace RunnerBuild.Remote.Docker;

/// <summary>Passes a build's steps on as they come, and keeps the last lines and the error for a message.</summary>
internal sealed class BuildLog(Action<string> line) : IProgress<JSONMessage>
{
    private const int Kept = 15;
    private readonly Queue<string> _tail = new();
    private readonly Lock _gate = new();

    public string? Error { get; private set; }

    public IReadOnlyList<string> Tail
    {
        get
        {
            lock (_gate)
                return [.. _tail];
        }
    }

    public void Report(JSONMessage value)
    {
        if (value.Error?.Message is { Length: > 0 } error)
            Error = error;
        foreach (var text in (value.Stream ?? "").Split('\n').Select(text => text.Trim()).Where(text => text.Length > 0))
        {
            lock (_gate)
            {
                _tail.Enqueue(text);
                if (_tail.Count > Kept)
                    _tail.Dequeue();
            }

            line(text);
        }
    }
}
