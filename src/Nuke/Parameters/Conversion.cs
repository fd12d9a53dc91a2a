using System.ComponentModel;
using System.Globalization;
using System.Text.Json;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common.Parameters;

/// <summary>Text to value, in invariant culture.</summary>
internal static class Conversion
{
    private static readonly JsonSerializerOptions Json = new() { IncludeFields = true, PropertyNameCaseInsensitive = true };

    /// <summary>Throws <see cref="FormatException"/> with the rest of the sentence "'x' …" for text that is no such value.</summary>
    public static object Convert(string text, Type type, string baseDirectory)
    {
        if (type == typeof(string))
            return text;
        if (type == typeof(bool))
            return bool.TryParse(text, out var flag) ? flag : throw new FormatException("is neither true nor false");
        if (type == typeof(AbsolutePath))
            return text.Length > 0 && !text.Contains('\0', StringComparison.Ordinal) ? AbsolutePath.Create(Path.GetFullPath(text, baseDirectory)) : throw new FormatException("is no path");
        if (type.IsEnum)
            return Enum.TryParse(type, text, ignoreCase: true, out var value) && Enum.IsDefined(type, value) ? value : throw NoneOf(text, Enum.GetNames(type));
        if (type.IsAssignableTo(typeof(Enumeration)))
            return OfEnumeration(text, type);
        if (type == typeof(TimeSpan))
            return TimeSpan.TryParse(text, CultureInfo.InvariantCulture, out var duration) ? duration : throw new FormatException("is no duration like 0:05:00 (hours:minutes:seconds)");
        return IsNumber(type) ? OfNumber(text, type) : OfOther(text, type);
    }

    /// <summary>Whether a JSON object can become a value of this type: no text can.</summary>
    public static bool IsObject(Type type) => type.IsClass && !type.IsArray && !TypeDescriptor.GetConverter(type).CanConvertFrom(typeof(string));

    public static object OfJson(string json, Type type)
    {
        try
        {
            return JsonSerializer.Deserialize(json, type, Json) ?? throw new FormatException($"is no {type.Name}");
        }
        catch (Exception exception) when (exception is JsonException or NotSupportedException)
        {
            throw new FormatException($"is no {type.Name}: {Failure.FirstLine(exception.Message)}", exception);
        }
    }

    private static object OfEnumeration(string text, Type type)
    {
        var values = Enumeration.ValuesOf(type);
        return values.FirstOrDefault(x => x.Name.Equals(text, StringComparison.OrdinalIgnoreCase))?.GetValue(null) ?? throw NoneOf(text, values.Select(x => x.Name));
    }

    private static object OfNumber(string text, Type type)
    {
        var isWhole = type != typeof(double) && type != typeof(float) && type != typeof(decimal);
        try
        {
            return type == typeof(int)
                ? int.Parse(text, NumberStyles.Integer, CultureInfo.InvariantCulture)
                : System.Convert.ChangeType(text, type, CultureInfo.InvariantCulture);
        }
        catch (OverflowException)
        {
            throw new FormatException("is out of range");
        }
        catch (FormatException)
        {
            throw new FormatException(isWhole ? "is no whole number" : "is no number");
        }
    }

    private static object OfOther(string text, Type type)
    {
        var converter = TypeDescriptor.GetConverter(type);
        if (!converter.CanConvertFrom(typeof(string)))
            throw new FormatException($"cannot become a {type.Name}: the type has no converter from text");

        try
        {
            return converter.ConvertFromInvariantString(text) ?? throw new FormatException($"is no {type.Name}");
        }
        catch (Exception exception) when (exception is not FormatException { InnerException: null })
        {
            throw new FormatException(type == typeof(Uri) ? "is no URL" : $"is no {type.Name}", exception);
        }
    }

    private static bool IsNumber(Type type) => Type.GetTypeCode(type) is >= TypeCode.SByte and <= TypeCode.Decimal;

    public static FormatException NoneOf(string text, IEnumerable<string> names) =>
        new($"is not one of {string.Join(", ", names)}{(Nearest.Hint(text, names) is { Length: > 0 } hint ? "." + hint : "")}");
}
