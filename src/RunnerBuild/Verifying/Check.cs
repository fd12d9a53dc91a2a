using System.Text.Json.Serialization;

namespace RunnerBuild.Verifying;

[JsonConverter(typeof(JsonStringEnumConverter<Verdict>))]
internal enum Verdict
{
    /// <summary>Looked at, and right.</summary>
    Good,

    /// <summary>Looked at, and wrong.</summary>
    Bad,

    /// <summary>Not looked at, so nothing is known; the detail says what that leaves open.</summary>
    Unproved,
}

/// <summary>One thing that Verify looked at.</summary>
/// <param name="Host">Null for what concerns the whole fleet.</param>
/// <param name="Detail">What was seen, and for anything that is not right how to go on.</param>
internal sealed record Check(string? Host, string Subject, Verdict Verdict, string Detail)
{
    public static Check Of(string? host, string subject, bool good, string detail) => new(host, subject, good ? Verdict.Good : Verdict.Bad, detail);
}
