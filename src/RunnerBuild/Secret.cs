namespace RunnerBuild;

/// <summary>A value that must not be seen. It prints as `***`; only `Remote/` reveals it, and the terminal masks it by value as well.</summary>
internal sealed class Secret
{
    private readonly string _value;

    public Secret(string value)
    {
        _value = value;
        Redaction.Add(value);
    }

    public string Reveal() => _value;

    public override string ToString() => "***";
}
