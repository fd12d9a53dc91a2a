using Nuke.Common.Execution;

namespace Nuke.Common.Output;

/// <summary>What a run would do, target by target in its order, with the edges that made the order.</summary>
internal static class PlanText
{
    /// <param name="isWhole">No target was asked for: shows the graph of all of them.</param>
    public static IEnumerable<string> Lines(IReadOnlyCollection<ExecutableTarget> plan, bool isWhole)
    {
        yield return isWhole ? "All targets, each after those it needs (no target was named):" : "Execution plan (nothing was run):";
        yield return "";
        var number = plan.Count.ToString(System.Globalization.CultureInfo.InvariantCulture).Length;
        var width = plan.Select(x => x.Name.Length).DefaultIfEmpty().Max();
        foreach (var (target, i) in plan.Select((target, i) => (target, i + 1)))
            yield return $"  {i.ToString(System.Globalization.CultureInfo.InvariantCulture).PadLeft(number)}. {target.Name.PadRight(width)}{Edges(target, plan)}{Remark(target)}".TrimEnd();
        yield return "";
        yield return "  -> needs   ~> runs after   => triggers";
        yield return "";
    }

    private static string Edges(ExecutableTarget target, IReadOnlyCollection<ExecutableTarget> plan) =>
        Edge("->", target.ExecutionDependencies, plan) + Edge("~>", target.OrderDependencies, plan) + Edge("=>", target.Triggers, plan);

    private static string Edge(string arrow, IEnumerable<ExecutableTarget> targets, IReadOnlyCollection<ExecutableTarget> plan)
    {
        var names = targets.Where(plan.Contains).Select(x => x.Name).ToList();
        return names.Count == 0 ? "" : $"  {arrow} {string.Join(", ", names)}";
    }

    private static string Remark(ExecutableTarget target)
    {
        var conditions = target.Definition.StaticConditions.Concat(target.Definition.DynamicConditions).Select(x => x.Text).ToList();
        return target.Skipped != null ? $"  // Skipped: {target.Skipped}"
            : target.Status == ExecutionStatus.Skipped ? "  // Skipped"
            : conditions.Count > 0 ? $"  // OnlyWhen: {string.Join(" && ", conditions)}"
            : "";
    }
}
