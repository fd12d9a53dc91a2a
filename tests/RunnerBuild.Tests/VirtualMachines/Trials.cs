using System.Text.Json;
using System.Text.RegularExpressions;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A request of which one parameter is random.</summary>
internal sealed record Trial(string Method, string Target, string Body)
{
    public string LogLine => JsonSerializer.Serialize(new Dictionary<string, string?> { ["method"] = Method, ["path"] = Target, ["body"] = Body.Length > 0 ? Body : null });
}

/// <summary>From requests that the client sent to trials, one or more for each of their parameters. They are about guests and pools that are not there, so that nothing is done.</summary>
internal sealed class Trials(JsonElement endpoints, Random random)
{
    private readonly SchemaValues _values = new(random);

    public IEnumerable<Trial> Of(IEnumerable<Seen> requests, int rounds)
    {
        foreach (var call in requests.Select(Split).GroupBy(call => (call.Method, Pattern(call.Path))))
        {
            var sent = call.SelectMany(request => request.Fields).DistinctBy(field => field.Key).ToList();
            var properties = Properties(call.Key.Method, call.First().Path);
            for (var round = 0; round < rounds; round++)
            {
                foreach (var request in new[] { call.ElementAt(random.Next(call.Count())) })
                {
                    foreach (var field in sent)
                        yield return With(request, field.Key, _values.For(Of(properties, field.Key), field.Value));
                    yield return With(request, random.Next(3) switch { 0 => "cores", 1 => "unheard-of", _ => $"net{random.Next(40)}" }, "1");
                    yield return Without(request);
                    yield return Elsewhere(request);
                }
            }
        }
    }

    private static (string Method, string Path, List<KeyValuePair<string, string>> Fields) Split(Seen request)
    {
        var parts = request.Path.Split('?', 2);
        var raw = parts.Length > 1 ? parts[1] : request.Body;
        return (request.Method, Absent(parts[0]), [.. raw.Split('&', StringSplitOptions.RemoveEmptyEntries).Select(pair => pair.Split('=', 2))
            .Select(pair => KeyValuePair.Create(pair[0], Uri.UnescapeDataString(pair[1].Replace('+', ' '))))]);
    }

    private static string Absent(string path) => Regex.Replace(Regex.Replace(path, "/qemu/[0-9]+", "/qemu/777"), "/pools/[^/]+", "/pools/nobodys");

    private static string Pattern(string path) => Regex.Replace(path, "UPID[^/]+", "UPID");

    private Trial With((string Method, string Path, List<KeyValuePair<string, string>> Fields) request, string key, string value) =>
        Made(request.Method, request.Path, request.Fields.Where(field => field.Key != key).Append(new(key, value)));

    private Trial Without((string Method, string Path, List<KeyValuePair<string, string>> Fields) request) =>
        Made(request.Method, request.Path, request.Fields.Where(_ => random.Next(3) > 0));

    /// <summary>Another node or number in the path; a node that there is not would be looked for before the parameters are.</summary>
    private Trial Elsewhere((string Method, string Path, List<KeyValuePair<string, string>> Fields) request)
    {
        var number = new[] { "99", "100", "0100", "999999999", "1000000000", "x", "-5", "777" }[random.Next(8)];
        var node = new[] { "node005", "node_5", "-n", "node006", "node.5" }[random.Next(5)];
        return Made(request.Method, Regex.Replace(request.Path.Replace("/qemu/777", $"/qemu/{number}", StringComparison.Ordinal), "/nodes/node005(?=/(qemu|storage))", $"/nodes/{node}"), request.Fields);
    }

    private static Trial Made(string method, string path, IEnumerable<KeyValuePair<string, string>> fields)
    {
        var form = string.Join('&', fields.Select(field => $"{Uri.EscapeDataString(field.Key)}={Uri.EscapeDataString(field.Value)}"));
        return method is "POST" or "PUT" ? new(method, path, form) : new(method, form.Length > 0 ? $"{path}?{form}" : path, "");
    }

    private JsonElement Properties(string method, string path)
    {
        var segments = Uri.UnescapeDataString(path)["/api2/json".Length..].Split('/');
        return endpoints.EnumerateArray().Where(endpoint => endpoint.GetProperty("method").GetString() == method)
            .Where(endpoint => endpoint.GetProperty("path").GetString()!.Split('/') is var pattern && pattern.Length == segments.Length
                && pattern.Zip(segments).All(pair => pair.First.StartsWith('{') || pair.First == pair.Second))
            .OrderBy(endpoint => endpoint.GetProperty("path").GetString()!.Count(letter => letter == '{')).First().GetProperty("parameters").GetProperty("properties");
    }

    private static JsonElement Of(JsonElement properties, string key) =>
        properties.TryGetProperty(key, out var exact) ? exact : properties.GetProperty(Regex.Replace(key, "[0-9]+$", "[n]"));
}
