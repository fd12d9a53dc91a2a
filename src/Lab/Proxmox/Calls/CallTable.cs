using System.Collections.Immutable;
using System.Diagnostics.CodeAnalysis;
using Lab.Proxmox.Schema;

namespace Lab.Proxmox.Calls;

/// <summary>All calls that the double knows, found by method and path.</summary>
internal sealed class CallTable
{
    private readonly List<(ImmutableArray<string> Segments, ApiCall Call)> _calls = [];

    public void Add(
        string method,
        string path,
        Permission permission,
        IEnumerable<Parameter> parameters,
        Func<ApiRequest, CancellationToken, Task<object?>> answer
    ) => Add(new(method, path, permission, new(parameters), answer));

    public void Add(
        string method,
        string path,
        Permission permission,
        IEnumerable<Parameter> parameters,
        Func<ApiRequest, object?> answer
    ) => Add(method, path, permission, parameters, (request, _) => Task.FromResult(answer(request)));

    public void Add(ApiCall call) => _calls.Add(([.. call.Path.Split('/', StringSplitOptions.RemoveEmptyEntries)], call));

    /// <summary>The call whose path fits best: a literal part wins over a parameter.</summary>
    public bool TryFind(
        string method,
        IReadOnlyList<string> segments,
        [NotNullWhen(true)] out ApiCall? call,
        out Dictionary<string, string> inPath
    )
    {
        var found = _calls
            .Where(entry => Fits(entry.Segments, segments))
            .OrderByDescending(entry => entry.Segments.Count(part => part[0] != '{'))
            .FirstOrDefault(entry => entry.Call.Method == method);
        call = found.Call;
        inPath = call is null
            ? []
            : found
                .Segments.Zip(segments)
                .Where(pair => pair.First[0] == '{')
                .ToDictionary(pair => pair.First.Trim('{', '}'), pair => pair.Second);
        return call is not null;
    }

    private static bool Fits(ImmutableArray<string> pattern, IReadOnlyList<string> segments) =>
        pattern.Length == segments.Count && pattern.Zip(segments).All(pair => pair.First[0] == '{' || pair.First == pair.Second);
}
