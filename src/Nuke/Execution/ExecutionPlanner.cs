namespace Nuke.Common.Execution;

/// <summary>Which targets run, and in what order: dependencies and triggers join the wanted ones, orders only sort.</summary>
internal static class ExecutionPlanner
{
    /// <summary>Throws <see cref="UsageException"/> when edges of any kind between any targets form a circle, or, when strict, when the order of all targets is not the only one.</summary>
    public static IReadOnlyList<ExecutableTarget> Plan(IReadOnlyList<ExecutableTarget> targets, IReadOnlyCollection<ExecutableTarget> wanted, bool isStrict = false)
    {
        while (true)
        {
            var plan = Order(targets, wanted, isStrict);
            var triggered = plan.SelectMany(x => x.Triggers).Except(plan).ToList();
            if (triggered.Count == 0)
                return plan;

            wanted = [.. plan, .. triggered];
        }
    }

    private static List<ExecutableTarget> Order(IReadOnlyList<ExecutableTarget> targets, IReadOnlyCollection<ExecutableTarget> wanted, bool isStrict)
    {
        var remaining = targets.ToList();
        var plan = new List<ExecutableTarget>();
        while (remaining.Count > 0)
        {
            var needed = remaining.SelectMany(x => x.AllDependencies).ToHashSet();
            var free = remaining.Where(x => !needed.Contains(x)).ToList();
            if (isStrict && free.Count > 1)
                throw new UsageException(["Incomplete target definition order:", .. free.Select(x => $"  - {x.Name}")]);
            var last = free.FirstOrDefault() ?? throw new UsageException(Describe(Cycles.In(remaining)));
            remaining.Remove(last);
            if (wanted.Contains(last) || plan.Any(x => x.ExecutionDependencies.Contains(last)))
                plan.Add(last);
        }

        plan.Reverse();
        return plan;
    }

    private static string[] Describe(IEnumerable<IReadOnlyList<ExecutableTarget>> cycles) =>
        ["Circular dependencies between targets:", .. cycles.Select(cycle => $" - {string.Join(", ", cycle.Select(x => x.Name))}")];
}
