namespace Lab.Runner;

/// <summary>Ends the program with a sentence for people and one of the official exit codes.</summary>
internal sealed class RunnerFailure(string message, int exitCode) : Exception(message)
{
    public int ExitCode => exitCode;
}

/// <summary>Exit codes of the official listener.</summary>
internal static class ExitCode
{
    public const int Done = 0;
    public const int Terminated = 1;
    public const int Retryable = 2;
    public const int SessionConflict = 5;
    public const int VersionDeprecated = 7;
    public const int Signalled = 143;
}
