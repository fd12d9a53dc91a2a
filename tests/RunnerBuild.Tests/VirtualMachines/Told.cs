namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Keeps what was reported.</summary>
internal sealed class Told : IProgress<string>
{
    private readonly List<string> _lines = [];

    public IReadOnlyList<string> Lines
    {
        get
        {
            lock (_lines)
                return [.. _lines];
        }
    }

    public void Forget()
    {
        lock (_lines)
            _lines.Clear();
    }

    public void Report(string value)
    {
        lock (_lines)
            _lines.Add(value);
    }
}
