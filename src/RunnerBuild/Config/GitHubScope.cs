namespace RunnerBuild.Config;

internal enum ScopeKind { Organization, Repository, Enterprise }

/// <summary>Where runners are registered, and with what credential.</summary>
/// <param name="Name">`acme` for an organization or enterprise, `owner/name` for a repository.</param>
/// <param name="Web">`https://github.com` or the address of an Enterprise Server, without a trailing slash.</param>
internal sealed record GitHubScope(ScopeKind Kind, string Name, Uri Web, GitHubCredential Credential)
{
    /// <summary>Base of the REST API, without a trailing slash: `api.` before github.com and its tenants at ghe.com, or `/api/v3` of an
    /// Enterprise Server.</summary>
    public string Api => Web.Host == "github.com" || Web.Host.EndsWith(".ghe.com", StringComparison.Ordinal)
        ? $"https://api.{Web.Host}"
        : $"{Web.ToString().TrimEnd('/')}/api/v3";

    /// <summary>The scope as a path segment of the REST API: `orgs/acme`, `repos/acme/widgets`, `enterprises/acme`.</summary>
    public string Path => Kind switch
    {
        ScopeKind.Organization => $"orgs/{Name}",
        ScopeKind.Repository => $"repos/{Name}",
        _ => $"enterprises/{Name}",
    };

    /// <summary>Whether jobs of a repository can land on runners of this scope. Of an enterprise that is not known, so it is taken to be
    /// so.</summary>
    public bool Serves(string repository) => Kind switch
    {
        ScopeKind.Organization => repository.StartsWith($"{Name}/", StringComparison.OrdinalIgnoreCase),
        ScopeKind.Repository => repository.Equals(Name, StringComparison.OrdinalIgnoreCase),
        _ => true,
    };
}

/// <summary>How to get at GitHub: a personal access token or an App, by reference.</summary>
internal abstract record GitHubCredential
{
    public sealed record Token(SecretReference Value) : GitHubCredential;

    /// <param name="Id">The App's client id or number.</param>
    /// <param name="Installation">Number of the installation; null: looked up for the scope.</param>
    /// <param name="Key">The App's private key, PEM.</param>
    public sealed record App(string Id, long? Installation, SecretReference Key) : GitHubCredential;
}

/// <summary>Names a secret without holding it.</summary>
internal abstract record SecretReference
{
    public sealed record FromEnvironment(string Variable) : SecretReference;

    /// <param name="Path">Absolute path.</param>
    public sealed record FromFile(string Path) : SecretReference;

    /// <param name="Line">A command line for the shell, such as `op read op://vault/item`; its standard output is the secret.</param>
    public sealed record FromCommand(string Line) : SecretReference;
}
