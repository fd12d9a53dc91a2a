using System.Globalization;
using Serilog.Events;
using Serilog.Parsing;

namespace Nuke.Common.Output;

/// <summary>The text of a log event: strings in the holes of its template stand without quotes.</summary>
internal static class LogLine
{
    public static string Message(LogEvent log, Palette palette) => string.Concat(log.MessageTemplate.Tokens.Select(token => token switch
    {
        PropertyToken hole when log.Properties.TryGetValue(hole.PropertyName, out var value) => palette.Information(Value(value, hole)),
        _ => palette.Message(token.ToString()!),
    }));

    public static string Level(LogEventLevel level) => level switch
    {
        LogEventLevel.Verbose => "VRB",
        LogEventLevel.Debug => "DBG",
        LogEventLevel.Information => "INF",
        LogEventLevel.Warning => "WRN",
        LogEventLevel.Error => "ERR",
        _ => "FTL",
    };

    private static string Value(LogEventPropertyValue value, PropertyToken hole)
    {
        var text = value is ScalarValue { Value: string plain } ? plain : value.ToString(hole.Format, CultureInfo.InvariantCulture);
        return hole.Alignment is not { } alignment ? text
            : alignment.Direction == AlignmentDirection.Left ? text.PadRight(alignment.Width)
            : text.PadLeft(alignment.Width);
    }
}
