using System.Globalization;
using Lab.Proxmox.Access;
using Lab.Proxmox.Calls;
using Lab.Proxmox.Faults;
using Lab.Proxmox.Schema;
using Lab.Proxmox.Wire;

namespace Lab.Proxmox;

/// <summary>The way of a request: shape, caller, call, permission, node, parameters, and only then what the call does.</summary>
internal sealed class Gateway(Site site, CallTable calls, Login login, RequestLog log)
{
    public async Task HandleAsync(HttpContext context)
    {
        try
        {
            var data = await AnswerAsync(context.Request, context.RequestAborted);
            if (site.Faults.Take(Line(context.Request), FaultKind.LostAnswer) is not null)
                context.Abort();
            else
                await Reply.DataAsync(context.Response, data);
        }
        catch (ApiException problem)
        {
            if (problem.Status == StatusCodes.Status401Unauthorized)
                await Task.Delay(site.Options.UnauthorizedDelay, site.Time, context.RequestAborted);
            await Reply.ErrorAsync(context.Response, problem, site.Version);
        }
        catch (Exception problem) when (!context.RequestAborted.IsCancellationRequested)
        {
            // Such as an engine behind the machines that does not answer; the server, too, turns what its code throws into a 500.
            await Reply.ErrorAsync(context.Response, ApiException.Internal(problem.Message), site.Version);
        }
    }

    private async Task<object?> AnswerAsync(HttpRequest http, CancellationToken cancel)
    {
        IncomingRequest.CheckShape(http);
        var known = calls.TryFind(http.Method, IncomingRequest.SegmentsOf(http), out var call, out var inPath);
        var caller = call is { IsOpen: true } ? "" : login.Identify(http);
        var incoming = await IncomingRequest.ReadAsync(http, site.Version, cancel);
        log.Add(incoming);
        if (!known || call is null)
            throw new ApiException(501, $"Method '{incoming.Method} {incoming.Path}' not implemented");
        if (call.NeedsTicket && http.Headers.Authorization.ToString().StartsWith("PVEAPIToken", StringComparison.Ordinal))
            throw ApiException.Forbidden($"URI '{incoming.Path}' not available with API token, need proper ticket.");
        var arguments = Merge(incoming, inPath, call.Parameters);
        call.Permission(site.Access, caller, arguments);
        CheckNode(arguments);
        Meet(http, arguments);
        var problems = SchemaCheck.Problems(call.Parameters, arguments);
        return problems.Count == 0 ? await call.Answer(new(caller, arguments), cancel) : throw ApiException.Parameters(problems);
    }

    private static string Line(HttpRequest request) => $"{request.Method} {request.Path}";

    /// <summary>What goes wrong before a call is looked at.</summary>
    private void Meet(HttpRequest request, Dictionary<string, object> arguments)
    {
        if (request.Method != "GET" && site.Faults.HasNoQuorum)
            throw ApiException.Internal("cluster not ready - no quorum?");
        if (site.Faults.Take(Line(request), FaultKind.NoConnection) is not null)
            throw new ApiException(595, "Connection refused") { IsEmpty = true };
        if (arguments.GetValueOrDefault("vmid") is string vmId && site.Faults.Take(Line(request), FaultKind.LockHeld) is { } held)
            site.Workers.Lock(int.Parse(vmId, CultureInfo.InvariantCulture), held.Text, TimeSpan.FromSeconds(held.Seconds));
    }

    private static Dictionary<string, object> Merge(IncomingRequest incoming, Dictionary<string, string> inPath, ParameterTable table)
    {
        var arguments = inPath.ToDictionary(parameter => parameter.Key, parameter => (object)parameter.Value);
        foreach (var (name, value) in incoming.Parameters)
        {
            if (inPath.TryGetValue(name, out var fixedValue) && !Equals(value, fixedValue))
                throw ApiException.Parameter(name, "duplicate parameter (already defined in URI) with conflicting values!");
            arguments[name] = Shaped(value, table.Find(name));
        }
        return arguments;
    }

    private static object Shaped(object value, Parameter? parameter) =>
        value switch
        {
            List<string> values when parameter?.Format?.EndsWith("-list", StringComparison.Ordinal) == true => string.Join(',', values),
            string text when parameter?.Kind == ValueKind.Array => new List<string> { text },
            _ => value,
        };

    private void CheckNode(Dictionary<string, object> arguments)
    {
        if (arguments.GetValueOrDefault("node") is not string node || Formats.Check("pve-node", node) is not null)
            return;
        if (site.Faults.IsOffline(node))
            throw new ApiException(595, "No route to host") { IsEmpty = true };
        if (!site.Options.Nodes.Contains(node))
            throw ApiException.Internal(
                $"hostname lookup '{node}' failed - failed to get address info for: {node}: Name or service not known"
            );
    }
}
