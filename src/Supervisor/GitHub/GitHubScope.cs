namespace Supervisor.GitHub;

/// <summary>Where runners are registered, and as whom.</summary>
/// <param name="Api">Base of the REST API, without a slash at its end.</param>
/// <param name="Path"><c>orgs/NAME</c>, <c>repos/OWNER/NAME</c> or <c>enterprises/NAME</c>.</param>
/// <param name="Credential">Name of the credential file.</param>
internal sealed record GitHubScope(string Api, string Path, string Credential)
{
    public bool IsRepository => Path.StartsWith("repos/", StringComparison.Ordinal);

    public static GitHubScope Of(string api, string path, string credential) => new(api.TrimEnd('/'), path, credential);

    public override string ToString() => Path;
}
