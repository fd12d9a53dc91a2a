using System.Collections.Immutable;

namespace RunnerBuild.Planning;

/// <summary>One difference between what is wanted and what is there, with the steps that end it. Data only: it can be printed, compared and logged.</summary>
/// <param name="Resource">What it is about, such as `file/etc/docker/daemon.json` or `vm/250`.</param>
/// <param name="Field">The attribute that differs, such as `content` or `memory`.</param>
/// <param name="From">What is there; null: nothing.</param>
/// <param name="To">What is wanted; null: nothing.</param>
/// <param name="Steps">In order; empty when the change cannot be made (see <paramref name="Refusal"/>).</param>
/// <param name="Note">What else a person should know, such as `needs a restart`.</param>
/// <param name="Refusal">Why this change must not or cannot be made, and how to go on; the plan then stops before any change.</param>
internal sealed record Change(
    string Resource, string Field, string? From, string? To, ImmutableArray<Step> Steps, string? Note = null, string? Refusal = null)
{
    /// <summary>What differs in a text, a line each.</summary>
    public ImmutableArray<string> Lines { get; init; } = [];

    /// <summary>`+` appears, `-` goes away, `~` changes, `!` cannot be done.</summary>
    public char Sign => Refusal is not null ? '!' : From is null ? '+' : To is null ? '-' : '~';
}

/// <summary>One thing to do. Its text is for people and never holds content or secrets.</summary>
internal abstract record Step
{
    protected abstract string Text { get; }

    public sealed override string ToString() => Text;
}
