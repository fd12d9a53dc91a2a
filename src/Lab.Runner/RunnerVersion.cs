namespace Lab.Runner;

/// <summary>A version that no release of the official program has.</summary>
internal static class RunnerVersion
{
    public const string Number = "2.999.0";
    public const string Commit = "0000000000000000000000000000000000000000";
}
