namespace RunnerBuild.Config;

/// <summary>Every place that a fleet says a secret is to be found in.</summary>
internal static class SecretReferences
{
    public static IEnumerable<SecretReference> In(Fleet fleet) =>
        fleet.AllClusters.Select(cluster => cluster.Endpoint.Login.Secret)
            .Concat(fleet.Hosts.Select(host => host.Ssh.Passphrase).OfType<SecretReference>())
            .Concat(fleet.Hosts.SelectMany(host => host.Pools).SelectMany(pool => new[] { Of(pool.Scope), pool.SshKey }.OfType<SecretReference>()))
            .Concat(new[] { fleet.Canary?.Scope, fleet.Nightly?.Issues }.OfType<GitHubScope>().Select(Of))
            .Distinct();

    private static SecretReference Of(GitHubScope scope) => scope.Credential switch
    {
        GitHubCredential.App app => app.Key,
        GitHubCredential.Token token => token.Value,
        _ => throw new InvalidOperationException($"{scope.Credential.GetType().Name} is no credential."),
    };
}
