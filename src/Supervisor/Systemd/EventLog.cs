namespace Supervisor.Systemd;

/// <summary>One line per event on stdout, with the priority prefix that journald reads (<c>&lt;6&gt;</c> information, 4 warning, 3 error).</summary>
internal sealed class EventLog(TextWriter output)
{
    private readonly Lock gate = new();

    public void Information(string subject, string text) => Write(6, subject, text);

    public void Warning(string subject, string text) => Write(4, subject, text);

    public void Error(string subject, string text) => Write(3, subject, text);

    private void Write(int priority, string subject, string text)
    {
        lock (gate)
        {
            output.WriteLine($"<{priority}>{subject}: {text.ReplaceLineEndings(" ")}");
            output.Flush();
        }
    }
}
