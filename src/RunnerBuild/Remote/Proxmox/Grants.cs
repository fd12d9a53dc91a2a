using RunnerBuild.Config;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>The lines that a person types on a node to give a login its rights.</summary>
internal static class Grants
{
    public static string Line(ProxmoxLogin login, string path, string role) =>
        $"pveum acl modify {path} {(login is ProxmoxLogin.Token token ? $"--tokens '{token.Id}'" : $"--users '{login.User}'")} --roles {role}";

    public static string Listing(ProxmoxLogin login) => login is ProxmoxLogin.Token token
        ? $"pveum user token permissions {token.Id.Replace('!', ' ')}"
        : $"pveum user permissions {login.User}";
}
