#nullable disable
namespace Nuke.Common.CI.GitHubActions;

/// <summary>A job of GitHub Actions; its values come from the job's environment.</summary>
public class GitHubActions : Host, IBuildServer
{
    private readonly IReadOnlyDictionary<string, string> _environment;

    internal GitHubActions(IReadOnlyDictionary<string, string> environment) => _environment = environment;

    public static GitHubActions Instance => NukeBuild.Host as GitHubActions;

    string IBuildServer.Branch => Ref;
    string IBuildServer.Commit => Sha;

    public string Actor => Variable("GITHUB_ACTOR");
    public string EventName => Variable("GITHUB_EVENT_NAME");
    public string Job => Variable("GITHUB_JOB");
    public string Ref => Variable("GITHUB_REF");
    public string RefName => Variable("GITHUB_REF_NAME");
    public string Repository => Variable("GITHUB_REPOSITORY");
    public string ServerUrl => Variable("GITHUB_SERVER_URL");
    public string Sha => Variable("GITHUB_SHA");
    public string Workflow => Variable("GITHUB_WORKFLOW");

    private string Variable(string name) => _environment.GetValueOrDefault(name);
}
