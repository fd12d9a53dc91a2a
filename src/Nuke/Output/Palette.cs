using Serilog.Events;

namespace Nuke.Common.Output;

/// <summary>One colour per meaning, as ANSI codes; without colours the text stays as it is.</summary>
internal sealed class Palette(bool hasColours)
{
    public string Plain(string text) => Paint(text, "39;1");

    public string Information(string text) => Paint(text, "38;5;45;1");

    public string Success(string text) => Paint(text, "32;1");

    public string Warning(string text) => Paint(text, "38;5;214;1");

    public string Error(string text) => Paint(text, "38;5;196;1");

    public string Aside(string text) => Paint(text, "38;5;247");

    public string Message(string text) => Paint(text, "39");

    public string Of(LogEventLevel level, string text) => level switch
    {
        LogEventLevel.Fatal => Paint(text, "38;5;231;1m\u001b[48;5;196"),
        LogEventLevel.Error => Error(text),
        LogEventLevel.Warning => Warning(text),
        LogEventLevel.Information => Information(text),
        _ => Plain(text),
    };

    private string Paint(string text, string code) => hasColours && text.Length > 0 ? $"\u001b[{code}m{text}\u001b[0m" : text;
}
