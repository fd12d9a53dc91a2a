using Lab.Proxmox.Access;
using Lab.Proxmox.Schema;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`/access/…`: tickets, and what the caller may do.</summary>
internal static class AccessCalls
{
    public static void Add(CallTable calls, Site site, Login login)
    {
        calls.Add(
            new(
                "POST",
                "/access/ticket",
                Permissions.Everyone,
                new(TicketParameters),
                (request, _) => Task.FromResult<object?>(Ticket(request, login))
            )
            {
                IsOpen = true,
                NeedsTicket = true,
            }
        );
        calls.Add(
            "GET",
            "/access/permissions",
            Permissions.Everyone,
            [Text("path").Optional(), Text("userid").Optional()],
            request => Own(request, site)
        );
    }

    private static IEnumerable<Parameter> TicketParameters =>
        [
            Text("username").AtMost(64),
            Text("password"),
            Text("realm", "pve-realm").AtMost(32).Optional(),
            Text("otp").Optional(),
            Flag("new-format").Optional(),
            Text("tfa-challenge").Optional(),
        ];

    private static Dictionary<string, object?> Ticket(ApiRequest request, Login login)
    {
        var user = request.Text("realm") is { } realm ? $"{request["username"]}@{realm}" : request["username"];
        var (ticket, csrfToken) = login.Issue(user, request["password"]);
        return new()
        {
            ["username"] = user,
            ["ticket"] = ticket,
            ["CSRFPreventionToken"] = csrfToken,
            ["cap"] = new Dictionary<string, object>(),
        };
    }

    private static Dictionary<string, Dictionary<string, int>> Own(ApiRequest request, Site site)
    {
        var subject = request.Text("userid") ?? request.Caller;
        if (subject != request.Caller && !site.Access.Has(request.Caller, "/access", "Sys.Audit"))
            throw ApiException.Forbidden("Permission check failed");
        IEnumerable<string> paths = request.Text("path") is { } path ? [path] : site.Access.KnownPaths;
        return paths
            .Select(path => (path, granted: site.Access.PrivilegesAt(subject, path)))
            .Where(entry => entry.granted.Count > 0)
            .ToDictionary(
                entry => entry.path,
                entry => entry.granted.ToDictionary(privilege => privilege.Key, privilege => privilege.Value ? 1 : 0)
            );
    }
}
