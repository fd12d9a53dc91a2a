using System.Collections.Immutable;
using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>
/// A GitHub credential's file on the host, named after the first scope that it serves, such as `github.com-orgs-acme`: a pool that comes or goes
/// does not rename the files of the others. Pools that share the credential share the file.
/// </summary>
internal sealed record CredentialFile(string Name, GitHubCredential Credential)
{
    public string Path => $"{HostPaths.Credentials}/{Name}";

    public static ImmutableArray<CredentialFile> Of(Host host)
    {
        var taken = new Dictionary<string, int>(StringComparer.OrdinalIgnoreCase);
        var files = ImmutableArray.CreateBuilder<CredentialFile>();
        foreach (var uses in host.Pools.Select(pool => pool.Scope).GroupBy(scope => scope.Credential))
        {
            var name = uses.Select(NameOf).Order(StringComparer.Ordinal).First();
            // One scope with two credentials, for pools with rights of their own.
            taken[name] = taken.GetValueOrDefault(name) + 1;
            files.Add(new CredentialFile(taken[name] == 1 ? name : $"{name}-{taken[name]}", uses.Key));
        }

        return files.ToImmutable();
    }

    private static string NameOf(GitHubScope scope) =>
        $"{scope.Web.Host}{(scope.Web.IsDefaultPort ? "" : $"-{scope.Web.Port}")}-{scope.Path.Replace('/', '-')}";
}
