using System.Text.RegularExpressions;
using RunnerBuild.Config;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>Puts Proxmox's refusals into words that say how to go on. Knows the token's id, never its secret.</summary>
internal sealed partial class ProxmoxErrors(ProxmoxEndpoint endpoint)
{
    private const string Rerun = "Correct the cause and run the same target again; what is done is not repeated.";

    public ProxmoxException Refused(ProxmoxCall call, int status, string reason)
    {
        var fault = ProxmoxFaults.OfStatus(status, reason, call.IsWrite);
        var why = $"{(reason.Length == 0 ? "no reason given" : reason)} (status {status}, {call.Method} {call.Path})";
        return new(fault, $"Could not {call.Purpose}.", why, Fix(fault, status, reason, call));
    }

    public ProxmoxException NoAnswer(ProxmoxCall call, HttpRequestException cause) => cause.HttpRequestError switch
    {
        HttpRequestError.ConnectionError or HttpRequestError.NameResolutionError => new(ProxmoxFault.Unreachable,
            $"Could not reach Proxmox at {endpoint.Url}.", cause.Message,
            "Compare `url` of the fleet's Proxmox with the address of a node; on the node, `systemctl status pveproxy` tells whether it serves.",
            cause),
        HttpRequestError.SecureConnectionError => new(ProxmoxFault.Unreachable,
            $"Could not agree on TLS with {endpoint.Url}.", (cause.InnerException ?? cause).Message,
            "Proxmox serves https on port 8006; correct `url` of the fleet's Proxmox if it names another port.", cause),
        _ => Lost(call, cause),
    };

    public ProxmoxException Lost(ProxmoxCall call, Exception cause) => new(
        call.IsWrite ? ProxmoxFault.OutcomeUnknown : ProxmoxFault.Unreachable,
        $"Could not {call.Purpose}: the connection to {endpoint.Url} broke before the answer.", cause.Message, Rerun, cause);

    public ProxmoxException Untrusted(string seen, IReadOnlyCollection<string> pins) => new(
        ProxmoxFault.Untrusted,
        $"{endpoint.Url} shows a certificate that is not trusted: SHA-256 {seen}.",
        (pins.Count == 0 ? "No fingerprint is pinned." : $"Pinned: {string.Join(", ", pins)}.")
            + (endpoint.CaFile is { } file ? $" Nor is it signed for {endpoint.Url.Host} by the authority in {file}." : ""),
        $"Nothing was sent. Compare it with the output of `pvenode cert info` on the node; "
            + $"when it is the same, add `{seen}` to `fingerprints` of the fleet's Proxmox.");

    public ProxmoxException NotProxmox(ProxmoxCall call, string seen) => new(
        ProxmoxFault.Other, $"Could not {call.Purpose}.", $"{endpoint.Url} did not answer as Proxmox VE does: {seen}",
        "Correct `url` of the fleet's Proxmox; it is https://HOST:8006.");

    private string Fix(ProxmoxFault fault, int status, string reason, ProxmoxCall call) => fault switch
    {
        ProxmoxFault.Unauthorized => endpoint.Login is ProxmoxLogin.Token { Id: var id }
            ? $"Compare the token id `{id}` with `pveum user token list {endpoint.Login.User}` on a node, and its secret with the one shown when it was made."
            : $"Compare the user `{endpoint.Login.User}` with `pveum user list` on a node, and the password with the one that logs in there.",
        ProxmoxFault.Forbidden => Grant(reason, call),
        ProxmoxFault.Unreachable or ProxmoxFault.OutcomeUnknown => $"The node did not answer within Proxmox's limit (status {status}); see that it is up. {Rerun}",
        ProxmoxFault.BadRequest => "Correct what the fleet says about it.",
        ProxmoxFault.NoQuorum => $"The node has lost the others: `pvecm status` on it tells which. {Rerun}",
        ProxmoxFault.NoSuchNode => "Compare `node` in the fleet with the names that `pvesh get /nodes` lists on a node.",
        ProxmoxFault.Locked => $"Wait for what holds the lock. {Rerun}",
        _ => Rerun,
    };

    private string Grant(string reason, ProxmoxCall call)
    {
        if (Missing(reason, call) is not (var path, var privilege))
            return $"Proxmox does not say which right is missing; `{Grants.Listing(endpoint.Login)}` on a node lists those there are.";
        return $"On a node: `pveum role add RunnerBuild --privs {privilege}` (or `pveum role modify RunnerBuild --append 1 --privs {privilege}`), then "
            + $"`{Grants.Line(endpoint.Login, path, "RunnerBuild")}`. A token never has more rights than its user.";
    }

    // Of the rights that a clone needs on its target, either of two will do, and then Proxmox names neither.
    private static (string Path, string Privilege)? Missing(string reason, ProxmoxCall call)
    {
        if (Needed().Match(reason) is { Success: true } needed)
            return (needed.Groups["path"].Value, needed.Groups["privileges"].Value.Split('|', ',')[0].Trim());
        var fields = (call.Form ?? []).ToDictionary(field => field.Key, field => field.Value);
        return fields.TryGetValue("pool", out var pool) ? ($"/pool/{pool}", "VM.Allocate")
            : fields.TryGetValue("newid", out var target) ? ($"/vms/{target}", "VM.Allocate")
            : null;
    }

    [GeneratedRegex(@"\((?<path>/[^,)]*),\s*(?<privileges>[^)]+)\)")]
    private static partial Regex Needed();
}
