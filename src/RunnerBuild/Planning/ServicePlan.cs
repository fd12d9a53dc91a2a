using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>What taking slots out of service, or giving them back, would change.</summary>
internal static class ServicePlan
{
    public static IEnumerable<Change> Diff(IEnumerable<SlotStatus> slots, bool drained) =>
        slots.Where(slot => slot.Drained != drained).Select(slot => new Change(
            $"slot/{slot.Name}", "service", Word(slot.Drained), Word(drained), [], Note: drained && slot.State == "Busy" ? "when its job ends" : null));

    private static string Word(bool drained) => drained ? "drained" : "serving";
}
