namespace RunnerBuild;

/// <summary>Something a person can act on: what happened, why, and how to go on. Anything else that escapes is a bug.</summary>
internal class RunnerBuildException(string what, string why, string fix, Exception? inner = null)
    : Exception($"{what}\n  why: {why}\n  fix: {fix}", inner)
{
    public string What { get; } = what;
    public string Why { get; } = why;
    public string Fix { get; } = fix;
}

/// <summary>Wrong usage or configuration: the run ends with exit code 2 before anything is changed.</summary>
internal sealed class ConfigurationException(string what, string why, string fix) : RunnerBuildException(what, why, fix);

/// <summary>A machine cannot be logged in to, now; it may be booting.</summary>
/// <param name="machine">`user@address:port`, where more than one takes part.</param>
internal sealed class HostUnreachableException(string what, string why, string fix, string? machine = null) : RunnerBuildException(what, why, fix)
{
    public string? Machine { get; } = machine;
}
