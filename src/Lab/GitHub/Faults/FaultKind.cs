using System.Collections.Immutable;

namespace Lab.GitHub.Faults;

/// <summary>What the value of a fault says.</summary>
internal enum FaultValue
{
    /// <summary>How long it lasts: `30s`.</summary>
    Lasts,

    /// <summary>How much, until it is switched off: `500ms`, `-10m`.</summary>
    Amount,

    /// <summary>A name or a version.</summary>
    Text,
}

/// <summary>A trouble that can be switched on.</summary>
internal sealed record FaultKind(string Name, FaultValue Value, string Meaning)
{
    public static readonly ImmutableArray<FaultKind> All =
    [
        new(Latency, FaultValue.Amount, "each answer of the REST API comes so much later"),
        new(PrimaryLimit, FaultValue.Lasts, "403, the hour's calls are spent"),
        new(SecondaryLimit, FaultValue.Lasts, "403, too many calls at once; with Retry-After"),
        new(TooManyRequests, FaultValue.Lasts, "429 with Retry-After"),
        new(ServerErrors, FaultValue.Lasts, "502 to every REST call"),
        new(Hang, FaultValue.Lasts, "REST calls are taken and not answered"),
        new(Cut, FaultValue.Lasts, "answers of the REST API break off in the middle"),
        new(TruncatedLists, FaultValue.Lasts, "lists hold half of what total_count says"),
        new(ClockSkew, FaultValue.Amount, "GitHub's clock is so much ahead (negative: behind)"),
        new(TokenExpiry, FaultValue.Amount, "tokens of installations are good for so long only"),
        new(RefuseJit, FaultValue.Lasts, "422 to every request for a just-in-time configuration"),
        new(Deprecation, FaultValue.Text, "runners older than this version get no jobs"),
        new(RunnerDeleted, FaultValue.Text, "the registration of this name vanishes at once, busy or not"),
        new(RunnerLost, FaultValue.Text, "the lease of this runner's job ends at once, as it does ten minutes after a runner's last word"),
        new(IdleJit, FaultValue.Amount, "just-in-time runners that wait longer for a job vanish"),
        new(BrokerDown, FaultValue.Lasts, "503 to every call of a listening runner"),
    ];

    public const string Latency = "latency", PrimaryLimit = "primary-limit", SecondaryLimit = "secondary-limit", TooManyRequests = "too-many-requests",
        ServerErrors = "server-errors", Hang = "hang", Cut = "cut", TruncatedLists = "truncated-lists", ClockSkew = "clock-skew", TokenExpiry = "token-expiry",
        RefuseJit = "refuse-jit", Deprecation = "deprecation", RunnerDeleted = "runner-deleted", RunnerLost = "runner-lost", IdleJit = "idle-jit", BrokerDown = "broker-down";

    public static FaultKind Of(string name) =>
        All.FirstOrDefault(kind => kind.Name == name) ?? throw new FaultProblem($"There is no fault {name}; there are {string.Join(", ", All.Select(kind => kind.Name))}.");
}

/// <summary>An order about faults that cannot be carried out; the message says why.</summary>
internal sealed class FaultProblem(string message) : Exception(message);
