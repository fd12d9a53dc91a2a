using System.Text.Json;

namespace Lab.Proxmox.Wire;

/// <summary>Reads a JSON body into parameters: strings, booleans and lists stay, numbers become strings.</summary>
internal static class JsonDecoding
{
    public static void Decode(ReadOnlyMemory<byte> body, IDictionary<string, object> into)
    {
        using var document = Parse(body);
        if (document.RootElement.ValueKind != JsonValueKind.Object)
            throw ApiException.Internal("malformed JSON body, an object is expected");
        foreach (var property in document.RootElement.EnumerateObject().Where(property => property.Value.ValueKind != JsonValueKind.Null))
            into[property.Name] = Value(property.Value);
    }

    private static JsonDocument Parse(ReadOnlyMemory<byte> body)
    {
        try
        {
            return JsonDocument.Parse(body);
        }
        catch (JsonException problem)
        {
            throw ApiException.Internal($"malformed JSON string: {problem.Message}");
        }
    }

    private static object Value(JsonElement element) =>
        element.ValueKind switch
        {
            JsonValueKind.True => true,
            JsonValueKind.False => false,
            JsonValueKind.String => element.GetString()!,
            JsonValueKind.Array => element
                .EnumerateArray()
                .Select(item => item.ValueKind == JsonValueKind.String ? item.GetString()! : item.GetRawText())
                .ToList(),
            JsonValueKind.Object => element.Clone(),
            _ => element.GetRawText(),
        };
}
