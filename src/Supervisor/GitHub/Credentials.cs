using System.Text.Json;

namespace Supervisor.GitHub;

/// <summary>The tokens that calls to GitHub carry. Credentials are read from systemd's credentials directory when first needed, and again after <see cref="Forget"/>.</summary>
/// <param name="directory"><c>$CREDENTIALS_DIRECTORY</c>; null when the unit has no LoadCredential.</param>
internal sealed class Credentials(string? directory, AppTokens apps)
{
    private readonly Dictionary<string, CredentialContent> read = [];
    private readonly Lock gate = new();

    /// <summary>A personal access token as it is, or an App's installation token.</summary>
    public async Task<string> TokenAsync(GitHubScope scope, CancellationToken cancel)
    {
        var content = Read(scope.Credential);
        return content.Token ?? await apps.TokenAsync(content.App!, scope, cancel);
    }

    public void Forget()
    {
        lock (gate)
            read.Clear();
        apps.Forget();
    }

    private CredentialContent Read(string name)
    {
        lock (gate)
        {
            if (!read.TryGetValue(name, out var content))
                read[name] = content = Parse(name);
            return content;
        }
    }

    private CredentialContent Parse(string name)
    {
        if (directory is null)
            throw Unusable(name, "CREDENTIALS_DIRECTORY is not set: the unit needs LoadCredential");
        try
        {
            var content = JsonSerializer.Deserialize(File.ReadAllBytes(Path.Combine(directory, name)), CredentialJson.Default.CredentialContent);
            return content switch
            {
                { Token.Length: > 0 } or { App: { Id.Length: > 0, Key.Length: > 0 } } => content,
                _ => throw Unusable(name, "it holds neither a token nor an app with id and key"),
            };
        }
        catch (JsonException)
        {
            // The parser's message may quote the secret.
            throw Unusable(name, "it is not the JSON that DeployRunners writes");
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw Unusable(name, fault.Message);
        }
    }

    private static GitHubFault Unusable(string name, string why) =>
        new(FaultKind.Denied, $"The credential {name} cannot be used: {why.TrimEnd('.')}. Run DeployRunners, or systemctl restart github-docker-runners after changing it.");
}
