#nullable disable
using Nuke.Common.IO;
using Nuke.Common.Tooling;

namespace Nuke.Common.CI.GitHubActions;

/// <summary>Describes a workflow of GitHub Actions that runs targets of this build; its file is written by local runs, unless AutoGenerate is off.</summary>
[AttributeUsage(AttributeTargets.Class, AllowMultiple = true)]
public class GitHubActionsAttribute(string name, GitHubActionsImage image, params GitHubActionsImage[] images) : ConfigurationAttributeBase
{
    internal string Name { get; } = name.Replace(' ', '_');
    internal GitHubActionsImage[] Images { get; } = [image, .. images];
    internal string Id => $"{nameof(GitHubActions)}_{Name}";

    public GitHubActionsTrigger[] On { get; set; } = [];
    public string[] OnPushBranches { get; set; } = [];
    public string[] OnPushBranchesIgnore { get; set; } = [];
    public string[] OnPushTags { get; set; } = [];
    public string[] OnPushTagsIgnore { get; set; } = [];
    public string[] OnPushIncludePaths { get; set; } = [];
    public string[] OnPushExcludePaths { get; set; } = [];
    public string[] OnPullRequestBranches { get; set; } = [];
    public string[] OnPullRequestTags { get; set; } = [];
    public string[] OnPullRequestIncludePaths { get; set; } = [];
    public string[] OnPullRequestExcludePaths { get; set; } = [];
    public string[] OnWorkflowDispatchOptionalInputs { get; set; } = [];
    public string[] OnWorkflowDispatchRequiredInputs { get; set; } = [];
    public string OnCronSchedule { get; set; }

    public string[] InvokedTargets { get; set; } = [];
    public string[] ImportSecrets { get; set; } = [];
    public bool EnableGitHubToken { get; set; }
    public GitHubActionsPermissions[] WritePermissions { get; set; } = [];
    public GitHubActionsPermissions[] ReadPermissions { get; set; } = [];

    public string[] CacheIncludePatterns { get; set; } = [".nuke/temp", "~/.nuget/packages"];
    public string[] CacheExcludePatterns { get; set; } = [];

    /// <summary>Empty: no cache.</summary>
    public string[] CacheKeyFiles { get; set; } = ["**/global.json", "**/*.csproj", "**/Directory.Packages.props"];

    public bool PublishArtifacts { get; set; } = true;
    public string PublishCondition { get; set; }
    public int TimeoutMinutes { get; set; }
    public string EnvironmentName { get; set; }
    public string EnvironmentUrl { get; set; }
    public string ConcurrencyGroup { get; set; }
    public bool ConcurrencyCancelInProgress { get; set; }
    public string JobConcurrencyGroup { get; set; }
    public bool JobConcurrencyCancelInProgress { get; set; }

    public GitHubActionsSubmodules Submodules
    {
        get => throw new NotSupportedException();
        set => Checkout["submodules"] = $"{value}";
    }

    public bool Lfs
    {
        get => throw new NotSupportedException();
        set => Checkout["lfs"] = $"{value}";
    }

    public uint FetchDepth
    {
        get => throw new NotSupportedException();
        set => Checkout["fetch-depth"] = $"{value}";
    }

    public bool Progress
    {
        get => throw new NotSupportedException();
        set => Checkout["progress"] = $"{value}";
    }

    public string Filter
    {
        get => throw new NotSupportedException();
        set => Checkout["filter"] = value;
    }

    /// <summary>What the checkout is given; an attribute's property cannot be null when it is left out.</summary>
    internal Dictionary<string, string> Checkout { get; } = [];

    internal AbsolutePath FileBelow(AbsolutePath root) => root / ".github" / "workflows" / $"{Name}.yml";
}

/// <summary>Describes the configuration of a CI system.</summary>
[AttributeUsage(AttributeTargets.Class)]
public abstract class ConfigurationAttributeBase : Attribute
{
    public bool AutoGenerate { get; set; } = true;
}

public enum GitHubActionsImage
{
    [EnumValue("windows-2022")] WindowsServer2022,
    [EnumValue("windows-2019")] WindowsServer2019,
    [EnumValue("ubuntu-24.04")] Ubuntu2404,
    [EnumValue("ubuntu-22.04")] Ubuntu2204,
    [EnumValue("ubuntu-20.04")] Ubuntu2004,
    [EnumValue("ubuntu-18.04")] Ubuntu1804,
    [EnumValue("macos-14")] MacOs14,
    [EnumValue("macos-12")] MacOs12,
    [EnumValue("macos-11")] MacOs11,
    [EnumValue("macos-10.15")] MacOs1015,
    [EnumValue("windows-latest")] WindowsLatest,
    [EnumValue("ubuntu-latest")] UbuntuLatest,
    [EnumValue("macos-latest")] MacOsLatest,
    [EnumValue("self-hosted")] SelfHosted,
}

public enum GitHubActionsTrigger
{
    [EnumValue("push")] Push,
    [EnumValue("pull_request")] PullRequest,
    [EnumValue("workflow_dispatch")] WorkflowDispatch,
}

public enum GitHubActionsSubmodules
{
    False,
    True,
    Recursive,
}

public enum GitHubActionsPermissions
{
    [EnumValue("actions")] Actions,
    [EnumValue("checks")] Checks,
    [EnumValue("contents")] Contents,
    [EnumValue("deployments")] Deployments,
    [EnumValue("id-token")] IdToken,
    [EnumValue("issues")] Issues,
    [EnumValue("discussions")] Discussions,
    [EnumValue("packages")] Packages,
    [EnumValue("pages")] Pages,
    [EnumValue("pull-requests")] PullRequests,
    [EnumValue("repository-projects")] RepositoryProjects,
    [EnumValue("security-events")] SecurityEvents,
    [EnumValue("statuses")] Statuses,
}
