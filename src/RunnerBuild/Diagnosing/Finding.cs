using System.Text.Json.Serialization;

namespace RunnerBuild.Diagnosing;

[JsonConverter(typeof(JsonStringEnumConverter<Health>))]
internal enum Health
{
    Good,

    /// <summary>Works now, and is worth knowing.</summary>
    Notable,
    Bad,
}

/// <summary>One thing that Doctor looked at.</summary>
/// <param name="Where">The host, or the system that is asked, such as `proxmox`.</param>
/// <param name="Seen">What was seen.</param>
/// <param name="Fix">One line that a person can follow or type; null when nothing is to be done.</param>
internal sealed record Finding(string Where, string Subject, Health Health, string Seen, string? Fix = null)
{
    public static Finding Good(string where, string subject, string seen) => new(where, subject, Health.Good, seen);

    public static Finding Notable(string where, string subject, string seen, string fix) => new(where, subject, Health.Notable, seen, fix.ReplaceLineEndings(" "));

    public static Finding Bad(string where, string subject, string seen, string fix) => new(where, subject, Health.Bad, seen, fix.ReplaceLineEndings(" "));
}
