namespace Lab;

/// <summary>Something a person can act on: what happened, why, and how to go on. Ends the command with exit code 1.</summary>
internal sealed class LabException(string what, string why, string fix, Exception? inner = null)
    : Exception($"{what}\n  why: {why}\n  fix: {fix}", inner);
