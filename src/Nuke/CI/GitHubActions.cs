#nullable disable
using System.Globalization;
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common.CI.GitHubActions;

/// <summary>A job of GitHub Actions; its values come from the job's environment.</summary>
public class GitHubActions : Host, IBuildServer
{
    private readonly IReadOnlyDictionary<string, string> _environment;

    internal GitHubActions(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    public static GitHubActions Instance => NukeBuild.Host as GitHubActions;

    string IBuildServer.Branch => Ref;
    string IBuildServer.Commit => Sha;

    public string Home => Variable("HOME");
    public string Workflow => Variable("GITHUB_WORKFLOW");
    public string Action => Variable("GITHUB_ACTION");
    public string Actor => Variable("GITHUB_ACTOR");
    public string Repository => Variable("GITHUB_REPOSITORY");
    public string RepositoryOwner => Variable("GITHUB_REPOSITORY_OWNER");
    public string EventName => Variable("GITHUB_EVENT_NAME");
    public string EventPath => Variable("GITHUB_EVENT_PATH");
    public string Workspace => Variable("GITHUB_WORKSPACE");
    public string Sha => Variable("GITHUB_SHA");
    public string Ref => Variable("GITHUB_REF");
    public string RefName => Variable("GITHUB_REF_NAME");
    public string RefType => Variable("GITHUB_REF_TYPE");
    public string HeadRef => Variable("GITHUB_HEAD_REF");
    public string BaseRef => Variable("GITHUB_BASE_REF");
    public long RunAttempt => Number("GITHUB_RUN_ATTEMPT");
    public long RunNumber => Number("GITHUB_RUN_NUMBER");
    public long RunId => Number("GITHUB_RUN_ID");
    public string ServerUrl => Variable("GITHUB_SERVER_URL");
    public string Job => Variable("GITHUB_JOB");
    public string Token => Variable("GITHUB_TOKEN");
    public bool IsPullRequest => EventName == "pull_request";
    public AbsolutePath StepSummaryFile => Variable("GITHUB_STEP_SUMMARY");

    public void Group(string group) => WriteCommand("group", group);

    public void EndGroup(string group) => WriteCommand("endgroup", group);

    public void WriteDebug(string message) => WriteCommand("debug", message);

    public void WriteWarning(string message) => WriteCommand("warning", message);

    public void WriteError(string message) => WriteCommand("error", message);

    public void WriteCommand(string command, string message = null, Configure<Dictionary<string, object>> dictionaryConfigurator = null)
    {
        var properties = dictionaryConfigurator.InvokeSafe([]).Select(x => $"{x.Key}={EscapeProperty($"{x.Value}")}");
        Console.WriteLine(Command($"{command} {string.Join(',', properties)}".TrimEnd(), message));
    }

    internal static string Command(string command, string message) => $"::{command}::{Escape(message ?? "")}";

    private static string EscapeProperty(string text) => Escape(text).Replace(":", "%3A", StringComparison.Ordinal).Replace(",", "%2C", StringComparison.Ordinal);

    private static string Escape(string text) =>
        text.Replace("%", "%25", StringComparison.Ordinal).Replace("\r", "%0D", StringComparison.Ordinal).Replace("\n", "%0A", StringComparison.Ordinal);

    private string Variable(string name) => _environment.GetValueOrDefault(name);

    private long Number(string name) => long.TryParse(Variable(name), CultureInfo.InvariantCulture, out var number) ? number : 0;
}
