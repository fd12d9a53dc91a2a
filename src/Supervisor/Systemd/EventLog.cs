namespace Supervisor.Systemd;

/// <summary>One entry per event: into the journal with its fields where there is one, else a line on stdout with the priority prefix that journald reads (<c>&lt;6&gt;</c> information, 4 warning, 3 error).</summary>
internal sealed class EventLog(TextWriter output, Journal? journal = null)
{
    public const string Identifier = "github-docker-runners";
    private readonly Lock gate = new();

    public void Information(string subject, string text, params ReadOnlySpan<(string Name, string? Value)> fields) => Write(6, subject, text, fields);

    public void Warning(string subject, string text, params ReadOnlySpan<(string Name, string? Value)> fields) => Write(4, subject, text, fields);

    public void Error(string subject, string text, params ReadOnlySpan<(string Name, string? Value)> fields) => Write(3, subject, text, fields);

    private void Write(int priority, string subject, string text, ReadOnlySpan<(string Name, string? Value)> fields)
    {
        var line = text.ReplaceLineEndings(" ");
        if (journal?.Write(priority, Identifier, $"{subject}: {line}", [("RUNNERBUILD_SUBJECT", subject), .. fields]) == true)
            return;
        lock (gate)
        {
            output.WriteLine($"<{priority}>{subject}: {line}");
            output.Flush();
        }
    }
}
