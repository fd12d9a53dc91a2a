namespace Nuke.Common.Execution;

/// <summary>Groups of targets that depend on each other: the strongly connected components of more than one, by Tarjan's algorithm.</summary>
internal sealed class Cycles
{
    private readonly Dictionary<ExecutableTarget, int> _index = [];
    private readonly Dictionary<ExecutableTarget, int> _low = [];
    private readonly Stack<ExecutableTarget> _stack = new();
    private readonly List<IReadOnlyList<ExecutableTarget>> _found = [];

    private Cycles()
    {
    }

    public static IReadOnlyList<IReadOnlyList<ExecutableTarget>> In(IEnumerable<ExecutableTarget> targets)
    {
        var cycles = new Cycles();
        foreach (var target in targets.Where(x => !cycles._index.ContainsKey(x)))
            cycles.Visit(target);
        return cycles._found;
    }

    private void Visit(ExecutableTarget target)
    {
        _index[target] = _low[target] = _index.Count;
        _stack.Push(target);
        foreach (var dependency in target.AllDependencies)
        {
            if (!_index.TryGetValue(dependency, out var index))
            {
                Visit(dependency);
                _low[target] = Math.Min(_low[target], _low[dependency]);
            }
            else if (_stack.Contains(dependency))
            {
                _low[target] = Math.Min(_low[target], index);
            }
        }

        if (_low[target] == _index[target])
            Close(target);
    }

    private void Close(ExecutableTarget first)
    {
        var members = new List<ExecutableTarget>();
        do
            members.Add(_stack.Pop());
        while (members[^1] != first);

        if (members.Count > 1)
            _found.Add(members);
    }
}
