using System.Text.Json;
using Nuke.Common.IO;

namespace Nuke.Common.Parameters;

/// <summary>.nuke/parameters.json, or that of a profile: one object whose keys are names of parameters, in their exact spelling.</summary>
internal sealed class ParametersFile(string? profile)
{
    private readonly Dictionary<Option, RawValue> _values = [];

    public List<string> Problems { get; } = [];

    private string Name { get; } = NameOf(profile);

    public static string NameOf(string? profile) => profile is null ? ".nuke/parameters.json" : $".nuke/parameters.{profile}.json";

    public static ParametersFile Read(AbsolutePath root, string? profile, IReadOnlyList<Option> options)
    {
        var file = new ParametersFile(profile);
        try
        {
            var path = AbsolutePath.Create(Path.Join(root, file.Name));
            if (path.FileExists())
                file.Read(path.ReadAllBytes(), options);
            else if (profile != null)
                file.Problems.Add($"There is no profile '{profile}': {file.Name} does not exist.{Nearest.Hint(profile, ProfilesIn(root))}");
        }
        catch (JsonException exception)
        {
            file.Problems.Add($"{file.Name}:{exception.LineNumber + 1}:{exception.BytePositionInLine + 1} is no valid JSON: {FirstSentence(exception.Message)}");
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or ArgumentException)
        {
            file.Problems.Add($"{file.Name} cannot be read: {exception.Message}");
        }

        return file;
    }

    public static IEnumerable<string> ProfilesIn(AbsolutePath root) => (root / ".nuke").DirectoryExists()
        ? (root / ".nuke").GetFiles("parameters.*.json").Select(x => x.Name["parameters.".Length..^".json".Length])
        : [];

    public RawValue? Of(Option option) => _values.GetValueOrDefault(option);

    private void Read(ReadOnlySpan<byte> json, IReadOnlyList<Option> options)
    {
        if (json.StartsWith("\uFEFF"u8))
            json = json[3..];
        var reader = new Utf8JsonReader(json, new JsonReaderOptions { CommentHandling = JsonCommentHandling.Skip, AllowTrailingCommas = true });
        reader.Read();
        if (reader.TokenType != JsonTokenType.StartObject)
        {
            Problems.Add($"{Name} should be one object with the names of parameters as keys.");
            return;
        }

        while (reader.Read() && reader.TokenType == JsonTokenType.PropertyName)
        {
            var key = reader.GetString()!;
            var source = $"{Name}:{json[..(int)reader.TokenStartIndex].Count((byte)'\n') + 1} \"{key}\"";
            reader.Read();
            Add(key, source, JsonElement.ParseValue(ref reader), options);
        }

        while (reader.Read())
        {
            // The reader throws when anything follows the object.
        }
    }

    private void Add(string key, string source, JsonElement value, IReadOnlyList<Option> options)
    {
        if (key == "$schema")
            return;

        var option = options.FirstOrDefault(x => x.Name == key);
        if (option is null)
            Problems.Add($"{source} is no parameter.{Nearest.Hint(key, options.Select(x => x.Name))}");
        else if (option == BuiltIn.Root || option == BuiltIn.Host || option == BuiltIn.Profile)
            Problems.Add($"{source} cannot be set in this file; give --{option.DashedName}.");
        else if (_values.ContainsKey(option))
            Problems.Add($"{source} is there twice.");
        else if (Texts(value, option) is { } texts)
            _values[option] = new RawValue(source, texts, Origin.File, IsSplit: true) { Profile = profile };
        else if (value.ValueKind == JsonValueKind.Object && Conversion.IsObject(option.Type))
            _values[option] = new RawValue(source, [value.GetRawText()], Origin.File) { IsObject = true };
        else if (value.ValueKind != JsonValueKind.Null)
            Problems.Add($"{source} should be {(option.IsList ? "an array" : "a single value")}, is {Kind(value)}.");
    }

    private static List<string>? Texts(JsonElement value, Option option) =>
        option.IsList && value.ValueKind == JsonValueKind.Array
            ? value.EnumerateArray().All(IsSingle) ? [.. value.EnumerateArray().Select(Text)] : null
            : !option.IsList && IsSingle(value) ? [Text(value)] : null;

    private static bool IsSingle(JsonElement value) =>
        value.ValueKind is JsonValueKind.String or JsonValueKind.Number or JsonValueKind.True or JsonValueKind.False;

    private static string Text(JsonElement value) => value.ValueKind == JsonValueKind.String ? value.GetString()! : value.GetRawText();

    private static string Kind(JsonElement value) => value.ValueKind switch
    {
        JsonValueKind.Object => "an object",
        JsonValueKind.Array => "an array of values that are not all single",
        _ => "a single value",
    };

    private static string FirstSentence(string message) => message.Split(" LineNumber:", 2)[0];
}
