using System.Text;

namespace Nuke.Common.Output;

/// <summary>What Console.Out and Console.Error are during a run: text is shown with secrets masked, also those that come in pieces, and goes to the log line by line.</summary>
/// <param name="elsewhere">Where it goes instead of the run's own output; null for that.</param>
internal sealed class ConsoleWriter(BuildOutput output, LogFile file, TextWriter? elsewhere = null) : TextWriter
{
    private readonly OutputScope _outside = new(null);
    private readonly Lock _lock = new();

    public override Encoding Encoding => Encoding.UTF8;

    private OutputScope Scope => output.Scope ?? _outside;

    public override void Write(char value) => Write(value.ToString());

    public override void Write(char[] buffer, int index, int count) => Write(new string(buffer, index, count));

    public override void Write(ReadOnlySpan<char> buffer) => Write(new string(buffer));

    public override void WriteLine(string? value) => Write(value + NewLine);

    public override void WriteLine() => Write(NewLine);

    public override void Write(string? value)
    {
        if (string.IsNullOrEmpty(value))
            return;

        lock (_lock)
        {
            var scope = Scope;
            var text = scope.Held(this) + value;
            var ready = text.Length - SecretValues.Known.LengthOfBeginningAtEndOf(text);
            scope.Hold(this, text[ready..]);
            Show(scope, text[..ready]);
        }
    }

    /// <summary>Shows what was held back because it could have been the beginning of a secret, and logs a line that has no end.</summary>
    public void Finish()
    {
        lock (_lock)
        {
            var scope = Scope;
            Show(scope, scope.Held(this));
            scope.Hold(this, "");
            if (scope.Line(this) is { Length: > 0 } line)
                file.WriteOutput(scope.Name, line.ToString());
            scope.Line(this).Clear();
        }
    }

    private void Show(OutputScope scope, string text)
    {
        var shown = SecretValues.Known.Hide(text);
        if (elsewhere is null || scope.Kept != null)
            output.Write(shown);
        else
            elsewhere.Write(shown);

        var line = scope.Line(this).Append(shown);
        var lines = line.ToString().Split('\n');
        foreach (var complete in lines[..^1])
            file.WriteOutput(scope.Name, complete);
        line.Clear().Append(lines[^1]);
    }
}
