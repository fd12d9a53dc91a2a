using Nuke.Common.CI.GitHubActions;
using Nuke.Common.Execution;

namespace Nuke.Common.Output;

/// <summary>All that a run shows. Every text passes the masking of secrets.</summary>
internal sealed class BuildOutput(Session session, TextWriter writer)
{
    private readonly AsyncLocal<OutputScope?> _scope = new();
    private readonly Lock _lock = new();
    private OutputScope? _only;

    public Session Session { get; } = session;

    /// <summary>The target whose output this is; null between targets. Threads that a target did not start itself belong to the only one that runs.</summary>
    public OutputScope? Scope => _scope.Value ?? _only;

    public Palette Palette => new(HasColours);

    public void Write(string text)
    {
        lock (_lock)
        {
            if (Scope?.Kept is { } kept)
                kept.Append(text);
            else
                writer.Write(text);
        }
    }

    /// <param name="isLogged">Whether the log file has it already.</param>
    public void Line(string text = "", bool isLogged = false)
    {
        var shown = SecretValues.Known.Hide(text);
        Write(shown + Environment.NewLine);
        if (!isLogged)
            Session.File.WriteOutput(Scope?.Name ?? "", shown);
    }

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
            Line(GitHubActions.Command(kind, text), isLogged: true);
    }

    /// <summary>Everything until the end of the block is the target's.</summary>
    public Block Of(ExecutableTarget target, bool isKept)
    {
        var scope = new OutputScope(target, isKept);
        _scope.Value = scope;
        if (!isKept)
            _only = scope;
        var block = Block(target.Name, Session.IsShown(IsGitHub ? DefaultOutput.TargetCollapse : DefaultOutput.TargetHeader));
        return new Block(() =>
        {
            Session.FinishConsole();
            block.Dispose();
            (_scope.Value, _only) = (null, null);
            if (scope.Kept is { } kept)
                Write(kept.ToString());
        });
    }

    public Block Block(string title, bool hasHeader = true)
    {
        if (!hasHeader)
            return new Block(() => { });
        if (IsGitHub)
        {
            Line($"::group::{title}", isLogged: true);
            return new Block(() => Line($"::endgroup::{title}", isLogged: true));
        }

        Line(isLogged: true);
        Line(Palette.Plain("╬" + new string('═', title.Length + 5)), isLogged: true);
        Line($"{Palette.Plain("║ ")}{Palette.Information(title)}", isLogged: true);
        Line(Palette.Plain("╬" + new string('═', Math.Max(title.Length - 4, 2))), isLogged: true);
        Line(isLogged: true);
        return new Block(() => { });
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
