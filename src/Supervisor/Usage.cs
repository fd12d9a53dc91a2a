namespace Supervisor;

/// <summary>The service's own command line.</summary>
internal static class Usage
{
    public const string Text = """
        github-docker-runners [--settings FILE]   runs the service (systemd does this)
        github-docker-runners ctl COMMAND         is runnerctl; runnerctl help lists its commands
        """;

    /// <returns>Null when the arguments make no sense.</returns>
    public static ServiceOptions? Read(IReadOnlyList<string> args, ServiceOptions defaults) => args switch
    {
        [] => defaults,
        ["--settings", var path] => defaults with { Settings = path },
        _ => null,
    };
}
