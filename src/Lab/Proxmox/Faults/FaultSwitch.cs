using System.Collections.Immutable;

namespace Lab.Proxmox.Faults;

/// <summary>The faults that are switched on. Each is used up by the requests or tasks that meet it; an offline node stays so until it is switched off.</summary>
internal sealed class FaultSwitch
{
    private readonly Lock _lock = new();
    private readonly List<Fault> _faults = [];

    public FaultSwitch(IEnumerable<Fault> faults) => _faults.AddRange(faults);

    public ImmutableArray<Fault> All
    {
        get
        {
            lock (_lock)
                return [.. _faults];
        }
    }

    public void Add(Fault fault)
    {
        lock (_lock)
            _faults.Add(fault);
    }

    public void Clear()
    {
        lock (_lock)
            _faults.Clear();
    }

    public bool IsOffline(string node) => All.Any(fault => fault.Kind == FaultKind.NodeOffline && fault.Text == node);

    public bool HasNoQuorum => All.Any(fault => fault.Kind == FaultKind.NoQuorum);

    /// <summary>The first fault of a kind that this meets, used up once; null: none.</summary>
    public Fault? Take(string subject, params ReadOnlySpan<FaultKind> kinds)
    {
        lock (_lock)
        {
            for (var index = 0; index < _faults.Count; index++)
            {
                var fault = _faults[index];
                if (!kinds.Contains(fault.Kind) || !subject.Contains(fault.Match, StringComparison.Ordinal))
                    continue;
                if (fault.Times > 1)
                    _faults[index] = fault with { Times = fault.Times - 1 };
                else
                    _faults.RemoveAt(index);
                return fault;
            }
        }
        return null;
    }
}
