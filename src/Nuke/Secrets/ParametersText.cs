using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace Nuke.Common.Secrets;

/// <summary>The text of a parameters file, in which one value is exchanged while all else, comments too, stays as it is.</summary>
internal static class ParametersText
{
    public const string Empty = "{\n  \"$schema\": \"./build.schema.json\"\n}\n";

    private static readonly JsonReaderOptions Lenient = new() { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true };

    /// <summary>Throws <see cref="JsonException"/> when the text is no object.</summary>
    public static string With(string text, string name, string value)
    {
        var json = Encoding.UTF8.GetBytes(text);
        var reader = new Utf8JsonReader(json, Lenient);
        var lastEnd = 1;
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
            throw new JsonException("The file should be one object with the names of parameters as keys.");

        lastEnd = (int)reader.BytesConsumed;
        var isEmpty = true;
        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            isEmpty = false;
            var isWanted = reader.ValueTextEquals(name);
            reader.Read();
            var start = (int)reader.TokenStartIndex;
            reader.Skip();
            lastEnd = (int)reader.BytesConsumed;
            if (isWanted)
                return Splice(json, start, lastEnd, Quoted(value));
        }

        return Splice(json, lastEnd, lastEnd, $"{(isEmpty ? "" : ",")}\n  {Quoted(name)}: {Quoted(value)}{(isEmpty ? "\n" : "")}");
    }

    /// <summary>The string at this key; null when there is none.</summary>
    public static string? Of(string text, string name)
    {
        using var document = JsonDocument.Parse(text, new JsonDocumentOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        return document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty(name, out var value) && value.ValueKind == JsonValueKind.String
            ? value.GetString()
            : null;
    }

    private static string Splice(byte[] json, int start, int end, string value) =>
        Encoding.UTF8.GetString(json.AsSpan(0, start)) + value + Encoding.UTF8.GetString(json.AsSpan(end));

    private static string Quoted(string text) => $"\"{JavaScriptEncoder.UnsafeRelaxedJsonEscaping.Encode(text)}\"";
}
