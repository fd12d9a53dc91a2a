namespace Supervisor.Slots;

/// <summary>A step that is under way, with what was so at its begin: until its end, others look at the slot and see it change.</summary>
/// <param name="Scope">Of the runner that is to be registered.</param>
/// <param name="Failing">Why an idle runner is taken away, when that is its own fault.</param>
/// <param name="Probed">The runner carries a probe's label.</param>
internal sealed record Begun(Step Step, GitHub.GitHubScope Scope, string? Failing, bool Probed)
{
    public static Begun Of(Slot slot, SlotView view, Step step, Timing timing) => new(step, slot.Scope, FailingOf(slot, view, timing), slot.IsProbed);

    private static string? FailingOf(Slot slot, SlotView view, Timing timing) => view switch
    {
        { IsStuck: true } => $"The runner did not listen for jobs within {timing.StartUp.TotalSeconds:0} s; its last words: {slot.Progress.LastLine ?? "none"}.",
        { IsOffline: true } => "The runner listened, but GitHub saw it offline, so it was replaced: see whether this host reaches GitHub all the time.",
        _ => null,
    };
}
