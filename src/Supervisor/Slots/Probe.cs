namespace Supervisor.Slots;

/// <summary>For a while, a slot's runners carry one label of their own, so that a test's jobs surely come to this slot, one after the other.</summary>
internal sealed record Probe(string Label, int JobsLeft, DateTimeOffset Until);
