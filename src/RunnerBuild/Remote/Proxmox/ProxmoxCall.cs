using System.Collections.Immutable;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>One call of the API.</summary>
/// <param name="Path">Below `/api2/json`, escaped, with the query.</param>
/// <param name="Form">The body's fields; null for a read, which must have no body. An empty one has the length 0, which counts as none.</param>
/// <param name="Purpose">For people, after "could not": `start VM 250`.</param>
internal sealed record ProxmoxCall(HttpMethod Method, string Path, ImmutableArray<KeyValuePair<string, string>>? Form, string Purpose)
{
    /// <summary>Getting a ticket: without credentials, and repeated like a read.</summary>
    public bool IsLogin { get; init; }

    public bool IsWrite => Method != HttpMethod.Get && !IsLogin;

    public static ProxmoxCall Get(string path, string purpose) => new(HttpMethod.Get, path, null, purpose);

    public static ProxmoxCall Post(string path, IEnumerable<KeyValuePair<string, string>> form, string purpose) =>
        new(HttpMethod.Post, path, [.. form], purpose);

    public static ProxmoxCall Put(string path, IEnumerable<KeyValuePair<string, string>> form, string purpose) =>
        new(HttpMethod.Put, path, [.. form], purpose);

    /// <param name="path">With the parameters in its query: a body would be refused.</param>
    public static ProxmoxCall Delete(string path, string purpose) => new(HttpMethod.Delete, path, [], purpose);

    // A body even when it is empty: .NET repeats a request without one by itself when the connection breaks.
    public HttpRequestMessage Message(Uri root) => new(Method, $"{root.ToString().TrimEnd('/')}/api2/json{Path}")
    {
        Content = Form is { } form ? new FormUrlEncodedContent(form) : null,
    };
}
