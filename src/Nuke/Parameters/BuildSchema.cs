using System.Buffers;
using System.Text.Encodings.Web;
using System.Text.Json;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;
using Serilog;

namespace Nuke.Common.Parameters;

/// <summary>.nuke/build.schema.json, by which editors complete .nuke/parameters.json; draft 04.</summary>
internal sealed class BuildSchema(Utf8JsonWriter json)
{
    private static readonly JsonWriterOptions Format =
        new() { Indented = true, NewLine = "\n", Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Writes the file only when its content changes, and in one step, as other runs may read it.</summary>
    public static void Write(AbsolutePath path, IReadOnlyList<Option> options, IReadOnlyList<string> targets)
    {
        var content = Content(options, targets);
        try
        {
            if (path.FileExists() && path.ReadAllBytes().AsSpan().SequenceEqual(content))
                return;

            var temporary = path.Parent / "temp" / $"build.schema.{Environment.ProcessId}.json";
            temporary.WriteAllBytes(content.ToArray());
            File.Move(temporary, path, overwrite: true);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Warning("{Path} is not up to date: {Reason:l}", path, exception.Message);
        }
    }

    public static ReadOnlySpan<byte> Content(IReadOnlyList<Option> options, IReadOnlyList<string> targets)
    {
        var buffer = new ArrayBufferWriter<byte>(8192);
        using (var json = new Utf8JsonWriter(buffer, Format))
            new BuildSchema(json).WriteAll(options, targets);
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
            WriteSet(type.Name, Enum.GetNames(type));
        WriteSet("ExecutableTarget", targets.Order(StringComparer.Ordinal));
        WriteSet("Verbosity", Enum.GetNames<Verbosity>());
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
            if (option.IsList)
                json.WriteString("type", "array");
            else
                WriteType(option);
            if (option.Description != null)
                json.WriteString("description", option.Description);
            if (option.IsSecret)
                json.WriteString("default", $"Secrets do not belong in a file: set the environment variable {option.VariableName}");
            if (option.IsList)
            {
                json.WriteStartObject("items");
                WriteType(option);
                json.WriteEndObject();
            }

            json.WriteEndObject();
        }

        json.WriteEndObject();
    }

    private void WriteType(Option option)
    {
        if (option == BuiltIn.Target || option == BuiltIn.Skip)
            WriteReference("ExecutableTarget");
        else if (option == BuiltIn.Host)
            WriteReference("Host");
        else if (option.ValueType.IsEnum)
            WriteReference(option.ValueType.Name);
        else if (option.ValueType.IsAssignableTo(typeof(Enumeration)))
            WriteNames(Enumeration.ValuesOf(option.ValueType).Select(x => x.Name).Order(StringComparer.Ordinal));
        else
            json.WriteString("type", TypeName(option.ValueType));
    }

    private void WriteReference(string definition) => json.WriteString("$ref", $"#/definitions/{definition}");

    private void WriteSet(string definition, IEnumerable<string> names)
    {
        json.WriteStartObject(definition);
        WriteNames(names);
        json.WriteEndObject();
    }

    private void WriteNames(IEnumerable<string> names)
    {
        json.WriteString("type", "string");
        json.WriteStartArray("enum");
        foreach (var name in names)
            json.WriteStringValue(name);
        json.WriteEndArray();
    }

    private static string TypeName(Type type) => Type.GetTypeCode(type) switch
    {
        TypeCode.Boolean => "boolean",
        TypeCode.Single or TypeCode.Double or TypeCode.Decimal => "number",
        >= TypeCode.SByte and <= TypeCode.UInt64 => "integer",
        _ => "string",
    };
}
