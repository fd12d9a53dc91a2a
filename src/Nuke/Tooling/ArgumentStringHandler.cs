#nullable disable
using System.Globalization;
using System.Runtime.CompilerServices;
using System.Text;
using Nuke.Common.IO;
using Nuke.Common.Utilities;

namespace Nuke.Common.Tooling;

/// <summary>Arguments as an interpolated string: holes are quoted when they need it, {hole:nq} never, {hole:r} is shown as [REDACTED].</summary>
[InterpolatedStringHandler]
public ref struct ArgumentStringHandler
{
    private readonly StringBuilder _text;
    private readonly List<string> _secrets = [];

    public ArgumentStringHandler(int literalLength, int formattedCount, out bool handlerIsValid)
    {
        _text = new StringBuilder(literalLength);
        handlerIsValid = true;
    }

    public static implicit operator ArgumentStringHandler(string value)
    {
        var handler = new ArgumentStringHandler(value.NotNull().Length, 0, out _);
        handler.AppendLiteral(value);
        return handler;
    }

    public readonly void AppendLiteral(string value) => _text.Append(value);

    public readonly void AppendFormatted(object obj, int alignment = 0, string format = null)
    {
        var text = obj is AbsolutePath path ? path.ToString(format ?? AbsolutePath.DoubleQuoteIfNeeded) : Quoted(obj, format);
        _text.Append(alignment < 0 ? text.PadRight(-alignment) : text.PadLeft(alignment));
    }

    public readonly void AppendFormatted(IEnumerable<AbsolutePath> paths, int alignment = 0, string format = null) =>
        _text.AppendJoin(' ', paths.Select(x => x.ToString(format ?? AbsolutePath.DoubleQuoteIfNeeded)));

    public readonly string ToStringAndClear()
    {
        var text = _text.ToString();
        _text.Clear();

        // An argument list that is one hole only, which was quoted as a whole.
        return text.Length > 1 && text[0] == '"' && text.IndexOf('"', 1) == text.Length - 1 ? text[1..^1] : text;
    }

    public readonly Func<string, string> GetFilter()
    {
        var secrets = _secrets;
        return text => secrets.Aggregate(text, (shown, secret) => shown.Replace(secret, "[REDACTED]", StringComparison.Ordinal));
    }

    private readonly string Quoted(object obj, string format)
    {
        if (obj is not string text)
            return obj is IFormattable formattable ? formattable.ToString(format, CultureInfo.InvariantCulture) : obj?.ToString() ?? "";
        if (format == "r")
            _secrets.Add(text);
        return format is "r" or "nq" || text is ['"', .., '"'] or ['\'', .., '\''] ? text : text.DoubleQuoteIfNeeded();
    }
}
