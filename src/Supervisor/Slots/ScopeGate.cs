namespace Supervisor.Slots;

/// <summary>Stops all slots of a GitHub scope when one of them met what all would meet, and lets one at a time try again.</summary>
internal sealed class ScopeGate(Timing timing)
{
    // So that a prober whose slot went away cannot shut the gate for ever.
    private static readonly TimeSpan probing = TimeSpan.FromMinutes(3);
    private Hold? hold;
    private int failures;
    private (string Slot, DateTimeOffset Until)? prober;

    public string? Reason => hold?.Reason;

    public bool Admits(string slot, DateTimeOffset now)
    {
        if (hold is null)
            return true;
        if (hold.At(now) || (prober is { } other && other.Slot != slot && now < other.Until))
            return false;
        prober = (slot, now + probing);
        return true;
    }

    public void Close(Setback setback, DateTimeOffset now, double jitter)
    {
        // Slots that were under way together report one trouble; it counts once.
        if (hold is null || !hold.At(now))
            failures++;
        var until = now + Backoff.DelayOf(setback, failures, jitter, timing);
        hold = new Hold(hold is { } before && before.Until > until ? before.Until : until, setback.Reason);
        prober = null;
    }

    /// <summary>A slot's attempt failed for a reason of its own, which says nothing of the scope: another one may try.</summary>
    public void GiveBack(string slot)
    {
        if (prober?.Slot == slot)
            prober = null;
    }

    public void Open()
    {
        hold = null;
        failures = 0;
        prober = null;
    }
}
