using System.Text;
using Nuke.Common.Execution;

namespace Nuke.Common.Output;

/// <summary>The output of one target, or of what is outside of targets: kept together when targets run side by side.</summary>
internal sealed class OutputScope(ExecutableTarget? target, bool isKept = false)
{
    private readonly Dictionary<ConsoleWriter, (string Held, StringBuilder Line)> _pending = [];

    public ExecutableTarget? Target { get; } = target;
    public string Name { get; } = target?.Name ?? "";

    /// <summary>Takes what is written until the target has ended; null when it is shown at once.</summary>
    public StringBuilder? Kept { get; } = isKept ? new StringBuilder() : null;

    public string Held(ConsoleWriter writer) => Pending(writer).Held;

    public void Hold(ConsoleWriter writer, string text) => _pending[writer] = (text, Line(writer));

    public StringBuilder Line(ConsoleWriter writer) => Pending(writer).Line;

    private (string Held, StringBuilder Line) Pending(ConsoleWriter writer)
    {
        if (!_pending.TryGetValue(writer, out var pending))
            _pending[writer] = pending = ("", new StringBuilder());
        return pending;
    }
}
