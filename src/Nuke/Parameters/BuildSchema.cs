using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nuke.Common.Execution;
using Nuke.Common.Tooling;

namespace Nuke.Common.Parameters;

/// <summary>.nuke/build.schema.json, by which editors complete .nuke/parameters.json; draft 04.</summary>
internal sealed class BuildSchema(Utf8JsonWriter json, IReadOnlyDictionary<Option, List<string>> allowed)
{
    private static readonly JsonWriterOptions Layout =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static ReadOnlySpan<byte> Content(
        IReadOnlyList<Option> options, IReadOnlyList<string> targets, IReadOnlyDictionary<Option, List<string>> allowed)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var json = new Utf8JsonWriter(buffer, Layout))
            new BuildSchema(json, allowed).WriteAll([.. options.Where(x => !x.IsBuiltIn || BuiltIn.IsDocumented(x))], targets);
        buffer.Write("\n"u8);
        return buffer.WrittenSpan;
    }

    private void WriteAll(IReadOnlyList<Option> options, IReadOnlyList<string> targets)
    {
        var custom = options.Where(x => !x.IsBuiltIn).ToList();
        json.WriteStartObject();
        json.WriteString("$schema", "http://json-schema.org/draft-04/schema#");
        json.WriteStartObject("definitions");
        WriteSet("Host", Hosts.Names);
        foreach (var type in custom.Select(x => x.ValueType).Where(x => x.IsEnum && x != typeof(Verbosity)).Distinct().OrderBy(x => x.Name, StringComparer.Ordinal))
            WriteSet(type.Name, Enum.GetNames(type), description: "");
        WriteSet("ExecutableTarget", targets.Order(StringComparer.Ordinal));
        WriteSet("Verbosity", Enum.GetNames<Verbosity>(), description: "");
        json.WriteStartObject("NukeBuild");
        WriteProperties(options.Where(x => x.IsBuiltIn));
        json.WriteEndObject();
        json.WriteEndObject();

        json.WriteStartArray("allOf");
        json.WriteStartObject();
        WriteProperties(custom);
        json.WriteEndObject();
        json.WriteStartObject();
        WriteReference("NukeBuild");
        json.WriteEndObject();
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteProperties(IEnumerable<Option> options)
    {
        json.WriteStartObject("properties");
        foreach (var option in options.OrderBy(x => x.Name, StringComparer.OrdinalIgnoreCase))
        {
            json.WriteStartObject(option.Name);
            WriteProperty(option);
            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteProperty(Option option)
    {
        var reference = ReferenceOf(option);
        if (option.IsList)
            json.WriteString("type", "array");
        else if (reference is null || option.IsNullable)
            WriteType(option);
        if (option.Description != null)
            json.WriteString("description", option.Description);
        if (option.IsSecret)
            json.WriteString("default", "Secrets must be entered via './build.sh :secrets [profile]'");
        if (option.IsList)
            json.WriteStartObject("items");
        if (reference != null)
            WriteReference(reference);
        else
            WriteDetails(option);
        if (option.IsList)
            json.WriteEndObject();
    }

    private static string? ReferenceOf(Option option) =>
        option == BuiltIn.Target || option == BuiltIn.Skip ? "ExecutableTarget"
        : option == BuiltIn.Host ? "Host"
        : option.ValueType.IsEnum ? option.ValueType.Name
        : null;

    private void WriteType(Option option)
    {
        var type = TypeName(option.ValueType);
        if (!option.IsNullable)
        {
            json.WriteString("type", type);
            return;
        }

        json.WriteStartArray("type");
        foreach (var name in new[] { type, "null" }.Order(StringComparer.Ordinal))
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private void WriteDetails(Option option)
    {
        if (option.IsList)
            json.WriteString("type", TypeName(option.ValueType));
        if (option.ValueType.IsAssignableTo(typeof(Enumeration)))
            WriteEnum(Enumeration.ValuesOf(option.ValueType).Select(x => x.Name).Order(StringComparer.Ordinal));
        else if (allowed.TryGetValue(option, out var values))
            WriteEnum(values.Order(StringComparer.Ordinal));
        else if (Format(option.ValueType) is { } format)
            json.WriteString("format", format);
    }

    private void WriteReference(string definition) => json.WriteString("$ref", $"#/definitions/{definition}");

    private void WriteSet(string definition, IEnumerable<string> names, string? description = null)
    {
        json.WriteStartObject(definition);
        json.WriteString("type", "string");
        if (description != null)
            json.WriteString("description", description);
        WriteEnum(names);
        json.WriteEndObject();
    }

    private void WriteEnum(IEnumerable<string> names)
    {
        json.WriteStartArray("enum");
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static string? Format(Type type) =>
        type == typeof(int) ? "int32"
        : type == typeof(long) ? "int64"
        : type == typeof(double) ? "double"
        : type == typeof(float) ? "float"
        : type == typeof(decimal) ? "decimal"
        : type == typeof(TimeSpan) ? "duration"
        : type == typeof(Uri) ? "uri"
        : type == typeof(Guid) ? "guid"
        : type == typeof(DateTime) || type == typeof(DateTimeOffset) ? "date-time"
        : null;

    private static string TypeName(Type type) => type.IsEnum ? "string" : Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "boolean",
        TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "number",
        >= TypeCode.SByte and <= TypeCode.UInt64 => "integer",
        _ => "string",
    };
}
