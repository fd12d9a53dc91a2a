namespace Lab.GitHub.State;

/// <summary>Where a runner is registered; prints as the REST path `orgs/acme`, `repos/acme/widgets` or `enterprises/acme`.</summary>
internal sealed record RunnerScope(string Kind, string Name)
{
    public const string Organization = "orgs";
    public const string Repository = "repos";
    public const string Enterprise = "enterprises";

    public string Owner => Name.Split('/')[0];

    public static RunnerScope Parse(string path)
    {
        var parts = path.Split('/', 2);
        return new(parts[0], parts[1]);
    }

    /// <summary>True when runners of this scope may take jobs of a repository (`owner/name`).</summary>
    public bool Serves(string repository) => Kind switch
    {
        Enterprise => true,
        Organization => repository.StartsWith(Name + "/", StringComparison.OrdinalIgnoreCase),
        _ => repository.Equals(Name, StringComparison.OrdinalIgnoreCase),
    };

    public override string ToString() => $"{Kind}/{Name}";
}
