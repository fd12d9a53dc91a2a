using System.Net;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>Where runners are registered. A pool's section lies over the fleet's, and may say any part of it.</summary>
internal static class GitHubSection
{
    private static readonly Key<string> Org = new(
        "org", "Organization that the runners serve",
        Texts.Like("the name of an organization, such as acme; a repository goes under 'repo'", Account));

    private static readonly Key<string> Repo = new("repo", "Repository that the runners serve, as owner/name", Repository);

    private static readonly Key<string> Enterprise = new(
        "enterprise", "Enterprise that the runners serve, by its slug",
        Texts.Like("the slug of an enterprise, such as acme-corp", Account));

    private static readonly Key<Uri> Url = new(
        "url", "Address of GitHub, or of an Enterprise Server",
        Addresses.Server("https://github.com", "https", "http")
            .Unless(
                text => text.Contains("api.github.com", StringComparison.Ordinal),
                "that is the API's address; write https://github.com")
            .Unless(
                Addresses.HasPath,
                "only the server belongs here, without a path; organizations and repositories have keys of their own"))
        { Default = "https://github.com" };

    private static readonly Key<GitHubCredential> Credential = new(
        "credential", "Token or App that may manage self-hosted runners there; never given to a job", CredentialSection.Shape);

    private const string Account = "^[A-Za-z0-9]([A-Za-z0-9_-]{0,98}[A-Za-z0-9])?$";

    /// <summary>`owner/name`.</summary>
    public static Shape<string> Repository => Texts.Like(
        "a repository as owner/name, such as ada/gadgets", "^[A-Za-z0-9]([A-Za-z0-9_-]{0,98}[A-Za-z0-9])?/[A-Za-z0-9._-]{1,100}$");

    public static Section Section { get; } = new(
        "github", "Where runners are registered; one of org, repo and enterprise", Org, Repo, Enterprise, Url, Credential)
    {
        Alternatives = [Org, Repo, Enterprise],
        Choice = Choice.AtMostOne,
    };

    /// <summary>What a canary may say: its repository is said elsewhere.</summary>
    public static Section Access { get; } = new(
        "githubAccess", "How to get at a repository; what is not said is as for the fleet", Url, Credential);

    public static GitHubScope Scope(Settings github)
    {
        var named = github.Layers.FirstOrDefault(layer => layer.Said.Any(Section.Alternatives.Contains));
        if (named is null)
            github.At.Say("does not say what the runners serve; say org, repo or enterprise");

        var (kind, name) = named switch
        {
            not null when named.Has(Repo) => (ScopeKind.Repository, named.Get(Repo)),
            not null when named.Has(Enterprise) => (ScopeKind.Enterprise, named.Get(Enterprise)),
            _ => (ScopeKind.Organization, named?.Get(Org)),
        };
        return new GitHubScope(kind, name!, Web(github), CredentialOf(github));
    }

    public static GitHubScope RepositoryScope(Settings github, string repository) =>
        new(ScopeKind.Repository, repository, Web(github), CredentialOf(github));

    /// <summary>What is sent over plain HTTP can be read on the way; only this machine and the lab's network are near enough.</summary>
    public static void RefusePlainHttp(Uri? address, Place at)
    {
        if (address is not { Scheme: "http" } || address.IsLoopback || InLab(address, at.Reading.Lab))
            return;
        at.Say($"should begin with https://, is '{address.OriginalString}'; http is only for this machine and the lab's network");
    }

    private static bool InLab(Uri address, LabSettings? lab) =>
        lab is not null && IPAddress.TryParse(address.Host, out var ip)
        && Addresses.TryParseInNetwork(lab.Subnet, out var subnet) && Addresses.Contains(subnet, ip);

    private static Uri Web(Settings github)
    {
        RefusePlainHttp(github.Get(Url), github.PlaceOf(Url));
        return github.Get(Url);
    }

    private static GitHubCredential CredentialOf(Settings github)
    {
        if (!github.Layers.Any(layer => layer.Said.Contains(Credential)))
            github.Layers.Last().At.Say(Credential.Name, $"is missing; it is needed here: {Credential.Description}");
        return github.Get(Credential);
    }
}
