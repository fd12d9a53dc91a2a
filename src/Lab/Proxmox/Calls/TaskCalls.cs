using System.Text.RegularExpressions;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`/nodes/{node}/tasks`: the list, one task's status and log, and its abortion.</summary>
internal static partial class TaskCalls
{
    private const string Path = "/nodes/{node}/tasks";

    public static void Add(CallTable calls, Site site)
    {
        calls.Add(
            "GET",
            Path,
            Permissions.Everyone,
            [
                Site.NodeParameter,
                Flag("errors").Optional(),
                Integer("limit", 0).Optional(),
                Integer("start", 0).Optional(),
                Integer("since").Optional(),
                Integer("until").Optional(),
                Choice("source", "archive", "active", "all").Optional(),
                Text("statusfilter", "pve-task-status-type-list").Optional(),
                Text("typefilter").Optional(),
                Text("userfilter").Optional(),
                site.VmIdParameter().Optional(),
            ],
            request => List(request, site)
        );
        calls.Add(
            "GET",
            Path + "/{upid}/status",
            Permissions.Everyone,
            [Site.NodeParameter, Text("upid")],
            request => Status(request, site)
        );
        calls.Add(
            "GET",
            Path + "/{upid}/log",
            Permissions.Everyone,
            [Site.NodeParameter, Text("upid"), Integer("start", 0).Optional(), Integer("limit", 0).Optional(), Flag("download").Optional()],
            request => Log(request, site)
        );
        calls.Add(
            "DELETE",
            Path + "/{upid}",
            Permissions.Everyone,
            [Site.NodeParameter, Text("upid")],
            request =>
            {
                Demand(request, site, "Sys.Modify");
                site.Workers.Abort(request["upid"]);
                return null;
            }
        );
    }

    private static Page List(ApiRequest request, Site site)
    {
        var seesAll = site.Access.Has(request.Caller, $"/nodes/{request.Node}", "Sys.Audit");
        var tasks = site.Cluster.Read(content =>
            content
                .Tasks.Where(task => task.Node == request.Node && (seesAll || IsOwn(task, request)) && Matches(task, request))
                .OrderByDescending(task => task.StartTime)
                .ThenByDescending(task => task.Pid)
                .Select(Describe)
                .ToList()
        );
        var limit = request.Integer("limit", 50);
        return new(tasks.Skip(request.Integer("start", 0)).Take(limit == 0 ? int.MaxValue : limit), tasks.Count);
    }

    private static bool Matches(WorkerTask task, ApiRequest request) =>
        (request.Text("source") ?? "archive") switch
        {
            "archive" => !task.IsRunning,
            "active" => task.IsRunning,
            _ => true,
        }
        && (request.Text("vmid") is not { } vmId || task.Id == vmId)
        && (request.Text("typefilter") is not { } type || task.Type.Contains(type, StringComparison.Ordinal))
        && (request.Text("userfilter") is not { } user || task.Owner.Contains(user, StringComparison.OrdinalIgnoreCase))
        && (request.Text("since") is null || task.StartTime >= request.Integer("since", 0))
        && (request.Text("until") is null || task.StartTime <= request.Integer("until", 0))
        && (!request.Flag("errors") || task.ExitStatus is not (null or "OK"))
        && (request.List("statusfilter") is not { Count: > 0 } outcomes || outcomes.Contains(task.ExitStatus == "OK" ? "ok" : "error"));

    private static Dictionary<string, object?> Describe(WorkerTask task)
    {
        var described = Identity(task);
        if (task.EndTime is { } end)
            described["endtime"] = end;
        if (task.ExitStatus is { } status)
            described["status"] = status;
        return described;
    }

    private static Dictionary<string, object?> Status(ApiRequest request, Site site)
    {
        var task = Demand(request, site, "Sys.Audit") ?? throw ApiException.Parameter("upid", "no such task");
        return site.Cluster.Read(_ =>
        {
            var status = Identity(task);
            status["status"] = task.IsRunning ? "running" : "stopped";
            if (task.ExitStatus is { } exit)
                status["exitstatus"] = exit;
            return status;
        });
    }

    private static Page Log(ApiRequest request, Site site)
    {
        var task = Demand(request, site, "Sys.Audit");
        List<string> lines = task is null ? ["unable to open file - No such file or directory"] : site.Cluster.Read(_ => task.Log.ToList());
        var start = request.Integer("start", 0);
        var limit = request.Integer("limit", 50);
        var page = lines
            .Skip(start)
            .Take(limit == 0 ? int.MaxValue : limit)
            .Select((line, index) => new Dictionary<string, object?> { ["n"] = start + index + 1, ["t"] = line });
        return new(page, lines.Count);
    }

    /// <summary>The task, if the caller started it or may see those of others; null for a well-formed UPID of no task.</summary>
    private static WorkerTask? Demand(ApiRequest request, Site site, string privilege)
    {
        if (!Upid().IsMatch(request["upid"]))
            throw ApiException.Parameter("upid", "unable to parse worker upid");
        var task = site.Cluster.Read(content => content.Tasks.Find(task => task.Upid == request["upid"] && task.Node == request.Node));
        if (task is not null && !IsOwn(task, request))
            site.Access.Demand(request.Caller, $"/nodes/{request.Node}", privilege);
        return task;
    }

    private static bool IsOwn(WorkerTask task, ApiRequest request) =>
        task.Owner == request.Caller || task.Owner.StartsWith(request.Caller + "!", StringComparison.Ordinal);

    private static Dictionary<string, object?> Identity(WorkerTask task)
    {
        var identity = new Dictionary<string, object?>
        {
            ["upid"] = task.Upid,
            ["node"] = task.Node,
            ["pid"] = task.Pid,
            ["pstart"] = task.ProcessStart,
            ["starttime"] = task.StartTime,
            ["type"] = task.Type,
            ["id"] = task.Id,
            ["user"] = task.Owner.Split('!')[0],
        };
        if (task.Owner.Split('!') is [_, var token])
            identity["tokenid"] = token;
        return identity;
    }

    [GeneratedRegex(@"^UPID:[A-Za-z0-9-]+:[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:[^:\s/]+:[^:\s/]*:[^:\s/]+:$")]
    private static partial Regex Upid();
}
