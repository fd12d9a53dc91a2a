using Nuke.Common.CI.GitHubActions;

namespace Nuke.Common.Output;

/// <summary>All that the engine shows. Every text passes the masking of secrets.</summary>
internal sealed class BuildOutput(Execution.Session session, TextWriter writer)
{
    public Execution.Session Session { get; } = session;

    /// <summary>The target whose output this is; empty between targets.</summary>
    public string Target { get; private set; } = "";

    public Palette Palette => new(HasColours);

    public void Line(string text = "") => writer.WriteLine(text);

    /// <summary>A message of the engine itself that ends the run.</summary>
    public void Error(string text)
    {
        Annotate("error", text);
        Line(Palette.Error(text));
    }

    /// <summary>A line that GitHub shows on the page of the run; nothing on other hosts.</summary>
    public void Annotate(string kind, string text)
    {
        if (IsGitHub)
            Line($"::{kind}::{text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal)}");
    }

    public Block Block(string title, bool isTarget)
    {
        Target = isTarget ? title : "";
        if (IsGitHub)
        {
            Line($"::group::{title}");
            return new Block(() => End($"::endgroup::{title}"));
        }

        Line();
        Line(Palette.Plain("╬" + new string('═', title.Length + 5)));
        Line($"{Palette.Plain("║ ")}{Palette.Information(title)}");
        Line(Palette.Plain("╬" + new string('═', Math.Max(title.Length - 4, 2))));
        Line();
        return new Block(() => End(null));
    }

    private void End(string? line)
    {
        Target = "";
        if (line != null)
            Line(line);
    }

    private bool IsGitHub => Session.Host is GitHubActions;

    private bool HasColours
    {
        get
        {
            var variables = Session.Invocation.Environment;
            return string.IsNullOrEmpty(variables.GetValueOrDefault("NO_COLOR"))
                && (IsGitHub || (Session.Invocation.IsTerminal && variables.GetValueOrDefault("TERM", OperatingSystem.IsWindows() ? "xterm" : "dumb") != "dumb"));
        }
    }
}
