using System.Globalization;
using Supervisor.Configuration;

namespace Supervisor.Slots;

/// <summary>The slots of this host by name: those of the settings, and those that still have to go.</summary>
internal sealed class SlotTable(DrainedSlots drained)
{
    private readonly SortedDictionary<string, Slot> slots = new(NumberedNames.Instance);

    public IReadOnlyCollection<Slot> All => slots.Values;

    public Slot? Find(string name) => slots.GetValueOrDefault(name);

    /// <summary>New slots appear, others get their pool's newest form, and those no longer named are to go.</summary>
    public void Apply(LoadedSettings loaded)
    {
        var wanted = loaded.Settings.Pools.SelectMany(pool => pool.Slots.Select(name => (name, pool))).ToDictionary(pair => pair.name, pair => pair.pool);
        foreach (var slot in slots.Values.Where(slot => !wanted.ContainsKey(slot.Name)))
            slot.Removed = true;
        foreach (var (name, pool) in wanted)
        {
            if (Find(name) is { } known)
                known.Assign(pool, loaded.PoolHashes[pool.Name]);
            else
                slots[name] = new Slot(name, NumberOf(name), loaded.Settings.Host, pool, loaded.PoolHashes[pool.Name]) { Drained = drained.Contains(name) };
        }
    }

    /// <summary>A container of a slot that no settings name any more, left by an earlier run, gets a slot that is to go.</summary>
    public void Adopt(RunnerContainer container, LoadedSettings loaded)
    {
        if (slots.ContainsKey(container.Slot) || container.Slot.Length == 0)
            return;
        var pool = new PoolSettings
        {
            Name = "", Api = container.Scope.Api, Scope = container.Scope.Path, Credential = container.Scope.Credential,
            Labels = container.Labels, Image = container.Image, Docker = "none", Slots = [container.Slot],
        };
        slots[container.Slot] = new Slot(container.Slot, NumberOf(container.Slot), loaded.Settings.Host, pool, container.Hash) { Removed = true };
    }

    public void Forget(Slot slot) => slots.Remove(slot.Name);

    private static int NumberOf(string name)
    {
        var digits = name.AsSpan(name.AsSpan().LastIndexOfAnyExceptInRange('0', '9') + 1);
        return int.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0;
    }

    /// <summary>github-runner-2 before github-runner-10.</summary>
    private sealed class NumberedNames : IComparer<string>
    {
        public static readonly NumberedNames Instance = new();
        private readonly StringComparer comparer = StringComparer.Create(CultureInfo.InvariantCulture, CompareOptions.NumericOrdering);

        public int Compare(string? x, string? y) => comparer.Compare(x, y) is var order and not 0 ? order : string.CompareOrdinal(x, y);
    }
}
