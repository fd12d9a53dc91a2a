using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>Reads values that Proxmox writes now as a number, now as a string.</summary>
internal static class ProxmoxJson
{
    /// <summary>The property's text, or null when it is not there.</summary>
    public static string? Text(this JsonElement element, string property) =>
        element.ValueKind == JsonValueKind.Object && element.TryGetProperty(property, out var value) ? Text(value) : null;

    public static long? Number(this JsonElement element, string property) =>
        decimal.TryParse(element.Text(property), NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? (long)number : null;

    public static bool Flag(this JsonElement element, string property) => element.Text(property) is "1" or "true";

    /// <summary>The elements of an array; none of anything else.</summary>
    public static IEnumerable<JsonElement> Items(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Array ? element.EnumerateArray() : [];

    /// <summary>All properties that are single values, as text.</summary>
    public static ImmutableSortedDictionary<string, string> Texts(this JsonElement element) =>
        element.ValueKind == JsonValueKind.Object
            ? element.EnumerateObject().Where(property => Text(property.Value) is not null)
                .ToImmutableSortedDictionary(property => property.Name, property => Text(property.Value)!, StringComparer.Ordinal)
            : ImmutableSortedDictionary<string, string>.Empty;

    private static string? Text(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.String => value.GetString(),
        JsonValueKind.Number => value.GetRawText(),
        JsonValueKind.True => "1",
        JsonValueKind.False => "0",
        _ => null,
    };
}
