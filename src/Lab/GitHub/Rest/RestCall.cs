using System.Text.Json;

namespace Lab.GitHub.Rest;

/// <summary>One call of the REST API; `Body` is an object, empty when nothing was sent.</summary>
internal sealed record RestCall(HttpContext Http, Caller Caller, JsonElement Body)
{
    private const int DefaultPage = 30;
    private const int LargestPage = 100;

    /// <summary>Lists are to hold less than they say.</summary>
    public bool Truncated { get; init; }

    public string Route(string name) => Http.Request.RouteValues[name]?.ToString() ?? "";

    public string? Query(string name) => Http.Request.Query.TryGetValue(name, out var value) ? value.ToString() : null;

    /// <summary>A number of the path; what is no number names nothing.</summary>
    public long Number(string name) => long.TryParse(Route(name), out var number) ? number : throw RestRefusal.NotFound();

    public JsonElement? Field(string name) =>
        Body.ValueKind == JsonValueKind.Object && Body.TryGetProperty(name, out var value) && value.ValueKind != JsonValueKind.Null ? value : null;

    public string? Text(string name) => Field(name) is { ValueKind: JsonValueKind.String } value ? value.GetString() : null;

    public void Demand(Permission permission, string owner) => Caller.Demand(permission, owner, Http.Response);

    /// <summary>The page of a list that `per_page` and `page` ask for; sets the `Link` header to its neighbours.</summary>
    public T[] Page<T>(IReadOnlyCollection<T> all)
    {
        var size = int.TryParse(Query("per_page"), out var wanted) ? Math.Clamp(wanted, 1, LargestPage) : DefaultPage;
        var page = int.TryParse(Query("page"), out var number) ? Math.Clamp(number, 1, 1_000_000) : 1;
        var last = Math.Max(1, (all.Count + size - 1) / size);
        List<string> links = [];
        if (page > 1)
            links.AddRange([Link(page - 1, size, "prev"), Link(1, size, "first")]);
        if (page < last)
            links.AddRange([Link(page + 1, size, "next"), Link(last, size, "last")]);
        if (links.Count > 0)
            Http.Response.Headers.Link = string.Join(", ", links);
        var taken = all.Skip((page - 1) * size).Take(size).ToArray();
        return Truncated ? taken[..(taken.Length / 2)] : taken;
    }

    private string Link(int page, int size, string relation)
    {
        var request = Http.Request;
        var others = request.Query.Where(q => q.Key is not ("page" or "per_page")).Select(q => $"{q.Key}={Uri.EscapeDataString(q.Value.ToString())}&");
        return $"<{request.Scheme}://{request.Host}{request.Path}?{string.Concat(others)}per_page={size}&page={page}>; rel=\"{relation}\"";
    }
}
