namespace Lab.Proxmox.Calls;

/// <summary>The usual permission rules. `{name}` in a path is the parameter of that name.</summary>
internal static class Permissions
{
    public static Permission Everyone => (_, _, _) => { };

    public static Permission On(string path, string privilege) =>
        (access, caller, arguments) => access.Demand(caller, Fill(path, arguments), privilege);

    public static Permission OnAny(string path, params string[] privileges) =>
        (access, caller, arguments) => access.DemandAny(caller, Fill(path, arguments), privileges);

    public static Permission Agent(ProxmoxVersion version, string privilege) =>
        version.HasGuestAgentPrivileges ? OnAny("/vms/{vmid}", privilege, "VM.GuestAgent.Unrestricted") : On("/vms/{vmid}", "VM.Monitor");

    public static string Fill(string path, IReadOnlyDictionary<string, object> arguments) =>
        string.Join(
            '/',
            path.Split('/').Select(part => part.StartsWith('{') ? arguments.GetValueOrDefault(part.Trim('{', '}'))?.ToString() : part)
        );
}
