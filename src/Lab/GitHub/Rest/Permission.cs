using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>What an endpoint asks of its caller.</summary>
/// <param name="Name">As in `X-Accepted-GitHub-Permissions`: fine-grained tokens and Apps.</param>
/// <param name="Scope">The scope that a classic token needs.</param>
internal sealed record Permission(string Name, bool Write, string Scope)
{
    public static readonly Permission Metadata = new("metadata", false, "repo");
    public static readonly Permission ReadActions = new("actions", false, "repo");
    public static readonly Permission Administration = new("administration", false, "repo");
    public static readonly Permission ReadIssues = new("issues", false, "repo");
    public static readonly Permission WriteIssues = new("issues", true, "repo");
    public static readonly Permission Contents = new("contents", false, "repo");
    public static readonly Permission WriteActions = new("actions", true, "repo");

    public static Permission Runners(RunnerScope scope, bool write) => scope.Kind switch
    {
        RunnerScope.Organization => new("organization_self_hosted_runners", write, "admin:org"),
        RunnerScope.Enterprise => new("enterprise_self_hosted_runners", write, "manage_runners:enterprise"),
        _ => new("administration", write, "repo"),
    };

    public override string ToString() => $"{Name}={(Write ? "write" : "read")}";
}
