using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using RunnerBuild.Planning;

namespace RunnerBuild.Verifying;

[JsonConverter(typeof(JsonStringEnumConverter<RefreshOutcome>))]
internal enum RefreshOutcome
{
    /// <summary>Nothing has changed, and every host has what the lock says.</summary>
    NothingToDo,

    /// <summary>A dry run found something.</summary>
    WouldChange,

    /// <summary>The candidate did not prove itself; the fleet is as before.</summary>
    Refused,

    /// <summary>Proved, or said not to need it, and on every host.</summary>
    Promoted,

    /// <summary>An earlier run was broken off after its image was promoted; this one went on with it.</summary>
    Finished,
}

/// <summary>What a refresh or a rollback found, proved and did.</summary>
/// <param name="Image">By architecture.</param>
/// <param name="Hosts">Those that something was changed on.</param>
/// <param name="DaysLeft">For which GitHub gives the runner program jobs, when it was looked; null: it names no date.</param>
internal sealed record RefreshReport(
    DateTimeOffset At, RefreshOutcome Outcome, ImmutableArray<ImageDifference> Changes, ImmutableSortedDictionary<string, string> Image, ImmutableArray<Check> Checks,
    ImmutableArray<string> Hosts, string? Runner, int? DaysLeft, ImmutableArray<string> Notes)
{
    /// <summary>Hosts that this run had to leave out, and of what they failed.</summary>
    public ImmutableSortedDictionary<string, string> Missing { get; init; } = ImmutableSortedDictionary<string, string>.Empty;

    private static readonly JsonSerializerOptions Readable = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    public static ImmutableSortedDictionary<string, string> MissingOf(IReadOnlyDictionary<string, RunnerBuildException> failed) => failed.ToImmutableSortedDictionary(host => host.Key, host => host.Value.What);

    public string ToJson() => Redaction.Mask(JsonSerializer.Serialize(this, Readable));

    /// <summary>For the summary.</summary>
    public string Sentence => Outcome switch
    {
        RefreshOutcome.NothingToDo => $"nothing to do{(DaysLeft is { } days ? $"; GitHub gives runner {Runner} jobs for {days} days more" : "")}",
        RefreshOutcome.WouldChange => $"would change: {string.Join(", ", Changes.Select(change => change.Source))}",
        RefreshOutcome.Refused => "refused; the fleet is as before",
        RefreshOutcome.Finished => $"what was begun is finished on {string.Join(", ", Hosts)}",
        _ => $"promoted {string.Join(", ", Image.Values)}; {Hosts.Length} {(Hosts.Length == 1 ? "host" : "hosts")} rolled",
    };

    /// <summary>Errors: <see cref="RunnerBuildException"/> when the candidate was refused, with what failed and where its log is, or did not get to every host.</summary>
    public void RequirePromoted()
    {
        if (Outcome == RefreshOutcome.Refused)
            throw new RunnerBuildException(
                $"The new image was refused: {Checks.Count(check => check.Verdict == Verdict.Bad)} of {Checks.Length} checks found something wrong.",
                string.Join('\n', Checks.Where(check => check.Verdict == Verdict.Bad).Select(check => $"{check.Host} {check.Subject}: {check.Detail}")),
                "No slot of the fleet was touched; every runner is on the image before. Correct the cause and run the same target again.");
        if (!Missing.IsEmpty)
            throw new RunnerBuildException(
                $"{string.Join(", ", Missing.Keys)} {(Missing.Count == 1 ? "was" : "were")} left out.", string.Join('\n', Missing.Select(host => $"{host.Key}: {host.Value}")),
                "The other hosts are as the report says. Correct it and run the same target again, which goes on there; or take the host out of the fleet.");
    }
}
