using System.Collections.Immutable;

namespace Lab.GitHub;

/// <summary>How a GitHub double is set up. Every path is absolute.</summary>
internal sealed record GitHubOptions
{
    /// <summary>Address that runners reach the double at, without a trailing slash: `http://198.18.77.1:18080`.</summary>
    public required string PublicUrl { get; init; }

    /// <summary>JSON file that registrations, runs and jobs outlive a restart in; null: they do not.</summary>
    public string? StateFile { get; init; }

    /// <summary>Holds `OWNER/REPO/.github/workflows/*.yml`; made with a canary workflow when absent. Null: no workflows.</summary>
    public string? WorkflowsDirectory { get; init; }

    /// <summary>Holds `actions-runner-linux-x64-VERSION.tar.gz` files, served as releases of actions/runner. Null: no releases.</summary>
    public string? ReleasesDirectory { get; init; }

    /// <summary>One line, a token with all rights; made, readable for its owner only, when absent.</summary>
    public string? AdminTokenFile { get; init; }

    public ImmutableArray<AccessToken> Tokens { get; init; } = [];
    public ImmutableArray<GitHubApp> Apps { get; init; } = [];
    public ImmutableArray<Organization> Organizations { get; init; } = [new("acme", [new(1, "Default", true), new(2, "ci", false)])];

    /// <summary>`owner/name`; an owner that is no organization is a personal account.</summary>
    public ImmutableArray<string> Repositories { get; init; } = ["acme/widgets", "ada/gadgets"];

    /// <summary>Those of <see cref="Repositories"/> that anybody can see.</summary>
    public ImmutableArray<string> PublicRepositories { get; init; } = [];

    /// <summary>Logins that may write issues and not push.</summary>
    public ImmutableArray<string> WithoutPush { get; init; } = [];

    /// <summary>The primary limit of each credential; github.com gives 5,000, Enterprise Cloud 15,000.</summary>
    public int CallsAnHour { get; init; } = 5_000;

    public ImmutableArray<string> Enterprises { get; init; } = ["acme-group"];

    /// <summary>How long a job stays with a runner that does not renew it.</summary>
    public TimeSpan JobLease { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How long a poll without a message is held; a runner polls again at once, so short means busy.</summary>
    public TimeSpan PollHold { get; init; } = TimeSpan.FromSeconds(22);

    /// <summary>How long a runner may be silent before it counts as offline and its session as ended.</summary>
    public TimeSpan SessionSilence { get; init; } = TimeSpan.FromSeconds(60);
}

/// <summary>An organization and its runner groups.</summary>
internal sealed record Organization(string Name, ImmutableArray<RunnerGroup> Groups);

/// <summary>A set of runners that access is granted to as one.</summary>
/// <param name="Repositories">The only ones whose jobs it takes, as `owner/name`; null: all.</param>
internal sealed record RunnerGroup(int Id, string Name, bool Default, ImmutableArray<string>? Repositories = null, bool AllowsPublic = false)
{
    public bool Admits(string repository, bool isPublic) =>
        (Repositories is not { } named || named.Contains(repository, StringComparer.OrdinalIgnoreCase)) && (!isPublic || AllowsPublic);
}

/// <summary>A credential for the REST API.</summary>
/// <param name="Value">`github_pat_…` is fine-grained and carries permissions; anything else is classic and carries scopes.</param>
/// <param name="Grants">Scopes such as `admin:org`, or permissions such as `administration:write`.</param>
/// <param name="Account">The only owner whose things it reaches; null: all.</param>
internal sealed record AccessToken(string Value, string Login, ImmutableArray<string> Grants, string? Account = null)
{
    /// <summary>Null: it does not end.</summary>
    public DateTimeOffset? Expires { get; init; }

    public static readonly ImmutableArray<string> Everything = ["repo", "workflow", "admin:org", "manage_runners:enterprise"];
}

/// <summary>A GitHub App, known by its public key (PEM).</summary>
internal sealed record GitHubApp(long Id, string ClientId, string PublicKey, ImmutableArray<Installation> Installations);

/// <summary>An App on an account.</summary>
/// <param name="Permissions">Such as `organization_self_hosted_runners:write`.</param>
internal sealed record Installation(long Id, string Account, ImmutableArray<string> Permissions);
