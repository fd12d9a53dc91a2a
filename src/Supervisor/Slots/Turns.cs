namespace Supervisor.Slots;

/// <summary>
/// Idle runners of earlier settings are replaced one after the other, so that a host never lacks more than one slot for it, and so that settings
/// that no runner comes up with take only the first slot of their pool.
/// </summary>
internal static class Turns
{
    public static bool IsOf(Slot slot, IEnumerable<Slot> all) => slot.Probe is not null || !all.Any(other => other != slot && HoldsUp(other, slot));

    private static bool HoldsUp(Slot other, Slot slot) => other switch
    {
        { Drained: true } or { Removed: true } => false,
        { Acting: not null } => true,
        { Condition.Serves: true, Container: not null } => false,
        // The host has no room for it, with whatever settings.
        { Obstacle: not null } => false,
        // One that fails says nothing of what other pools' runners are made from.
        { Condition.State: SlotState.Parked } => other.Pool.Name == slot.Pool.Name,
        _ => true,
    };
}
