namespace Supervisor.Slots;

/// <summary>The one line that <c>systemctl status</c> shows.</summary>
internal static class Summary
{
    public static string Of(IReadOnlyCollection<Slot> slots)
    {
        var serving = slots.Count(slot => slot.Condition.Serves);
        var busy = slots.Count(slot => slot.Condition.State == SlotState.Busy);
        var text = $"{serving} of {slots.Count} slots serve, {busy} busy";
        return slots.FirstOrDefault(slot => slot.Condition.State == SlotState.Parked) is { } parked
            ? $"{text}; {parked.Name}: {parked.Condition.Reason}"
            : text;
    }
}
