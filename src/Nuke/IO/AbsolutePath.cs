#nullable disable
using System.ComponentModel;
using System.Globalization;

namespace Nuke.Common.IO;

/// <summary>A rooted, normalised path of a file or directory that need not exist.</summary>
[TypeConverter(typeof(TypeConverter))]
public class AbsolutePath : IFormattable
{
    public const string DoubleQuote = "d";
    public const string DoubleQuoteIfNeeded = "dn";
    public const string SingleQuote = "s";
    public const string SingleQuoteIfNeeded = "sn";
    public const string NoQuotes = "nq";

    private readonly string _path;

    private AbsolutePath(string path)
    {
        var full = Path.GetFullPath(path);
        _path = full == Path.GetPathRoot(full) ? full : Path.TrimEndingDirectorySeparator(full);
    }

    public string Name => Path.GetFileName(_path);
    public string NameWithoutExtension => Path.GetFileNameWithoutExtension(_path);
    public string Extension => Path.GetExtension(_path);

    /// <summary>Null for a root.</summary>
    public AbsolutePath Parent => Path.GetDirectoryName(_path) is { } parent ? new AbsolutePath(parent) : null;

    public static AbsolutePath Create(string path) => path;

    public static implicit operator AbsolutePath(string path)
    {
        if (path is null)
            return null;

        Assert.True(Path.IsPathFullyQualified(path), $"Path '{path}' must be rooted");
        return new AbsolutePath(path);
    }

    public static implicit operator string(AbsolutePath path) => path?._path;

    public static AbsolutePath operator /(AbsolutePath left, string right) =>
        new(Path.Join(left.NotNull()._path, right));

    public static AbsolutePath operator /(AbsolutePath left, Range range)
    {
        Assert.True(range.Equals(Range.All));
        return left.Parent;
    }

    public static AbsolutePath operator +(AbsolutePath left, string right) => new(left.NotNull()._path + right);

    public static bool operator ==(AbsolutePath a, AbsolutePath b) => Equals(a, b);

    public static bool operator !=(AbsolutePath a, AbsolutePath b) => !Equals(a, b);

    public override bool Equals(object obj) => obj is AbsolutePath other && string.Equals(_path, other._path, Comparison);

    public override int GetHashCode() => _path.GetHashCode(Comparison);

    public override string ToString() => _path;

    public string ToString(string format) => format switch
    {
        null or NoQuotes => _path,
        DoubleQuote => $"\"{_path}\"",
        DoubleQuoteIfNeeded => _path.Contains(' ') ? $"\"{_path}\"" : _path,
        SingleQuote => $"'{_path}'",
        SingleQuoteIfNeeded => _path.Contains(' ') ? $"'{_path}'" : _path,
        _ => throw new ArgumentException($"Format '{format}' is not recognized"),
    };

    string IFormattable.ToString(string format, IFormatProvider formatProvider) => ToString(format);

    private static StringComparison Comparison =>
        OperatingSystem.IsWindows() ? StringComparison.OrdinalIgnoreCase : StringComparison.Ordinal;

    /// <summary>Reads a path; a relative one is meant from the working directory.</summary>
    public class TypeConverter : System.ComponentModel.TypeConverter
    {
        public override bool CanConvertFrom(ITypeDescriptorContext context, Type sourceType) =>
            sourceType == typeof(string) || base.CanConvertFrom(context, sourceType);

        public override object ConvertFrom(ITypeDescriptorContext context, CultureInfo culture, object value) =>
            value is string text ? (AbsolutePath)Path.GetFullPath(text) : base.ConvertFrom(context, culture, value);
    }
}
