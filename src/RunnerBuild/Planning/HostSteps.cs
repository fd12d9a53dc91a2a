using System.Collections.Immutable;
using RunnerBuild.Desired;

namespace RunnerBuild.Planning;

/// <summary>Runs a bash script as root on the host.</summary>
/// <param name="Summary">What people see.</param>
/// <param name="Arguments">Words for the script, `$1` and on; no secrets.</param>
internal sealed record RunScript(string Summary, string Script, ImmutableArray<string> Arguments) : Step
{
    protected override string Text => Summary;
}

/// <summary>Writes a file of the host at once, with its mode and owner.</summary>
internal sealed record WriteFile(HostFile File) : Step
{
    protected override string Text => $"write {File.Path}";
}
