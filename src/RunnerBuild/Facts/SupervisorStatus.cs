using System.Collections.Immutable;
using System.Text.Json;

namespace RunnerBuild.Facts;

/// <summary>What the supervisor says of itself: `runnerctl status --json`.</summary>
/// <param name="Build">SHA-256 of the running program.</param>
/// <param name="Configuration">SHA-256 of the configuration it runs with.</param>
/// <param name="Problem">What is wrong beside the slots; null when nothing is.</param>
/// <param name="ActionArchivesTaken">How often jobs took one since the supervisor started; null where it does not count.</param>
internal sealed record SupervisorStatus(string Build, string Configuration, ImmutableArray<SlotStatus> Slots, string? Problem = null, long? ActionArchivesTaken = null)
{
    private static readonly JsonSerializerOptions Web = new(JsonSerializerDefaults.Web);

    public static SupervisorStatus? Parse(string json) => JsonSerializer.Deserialize<SupervisorStatus>(json, Web);
}

/// <param name="State">Empty, Minting, Created, Idle, Busy, Exited, Cleaning or Parked.</param>
/// <param name="Reason">One sentence why the slot does not serve; null when it does.</param>
/// <param name="Passing">It is between two runners, which ends by itself.</param>
/// <param name="Job">Display name of the running job.</param>
/// <param name="Drained">A person took it out of service.</param>
/// <param name="FollowsRefresh">Its job has asked at the door for a refresh, or how far one is.</param>
/// <param name="Outdated">Its container is made from earlier settings; the supervisor replaces it once it has no job.</param>
internal sealed record SlotStatus(
    string Name, string Pool, string State, string? Runner, string? Container, string? Image, ImmutableArray<string> Labels,
    DateTimeOffset? Since, string? Reason, string? Job, bool Passing = false,
    bool Drained = false, bool Outdated = false, bool FollowsRefresh = false)
{
    public bool Serving => State is "Idle" or "Busy";
}
