namespace Lab.Proxmox.Calls;

/// <summary>How nodes look from outside. Every node has the processors of this machine and 64 GiB of memory.</summary>
internal static class NodeView
{
    private const long Memory = 64L << 30;
    private const long UsedMemory = 12L << 30;

    public static string Status(string node, Site site) => site.Faults.IsOffline(node) ? "offline" : "online";

    public static List<Dictionary<string, object?>> List(Site site) => [.. site.Options.Nodes.Select(node => Describe(node, site))];

    public static Dictionary<string, object?> Usage(Site site) =>
        new()
        {
            ["cpu"] = 0.02,
            ["uptime"] = Uptime,
            ["memory"] = new Dictionary<string, long>
            {
                ["total"] = Memory,
                ["used"] = UsedMemory,
                ["free"] = Memory - UsedMemory,
            },
            ["cpuinfo"] = new Dictionary<string, int> { ["cpus"] = Environment.ProcessorCount },
            ["pveversion"] = $"pve-manager/{site.Version.Release}.1/0a1b2c3d4e5f6071",
        };

    public static List<Dictionary<string, object?>> Bridges(ApiRequest request, Site site) =>
        request.Text("type") is null or "bridge" or "any_bridge" or "any_local_bridge" or "include_sdn"
            ?
            [
                .. site.Options.Bridges.Select(bridge => new Dictionary<string, object?>
                {
                    ["iface"] = bridge,
                    ["type"] = "bridge",
                    ["active"] = 1,
                    ["autostart"] = 1,
                }),
            ]
            : [];

    private static long Uptime => Environment.TickCount64 / 1000;

    private static Dictionary<string, object?> Describe(string node, Site site)
    {
        var described = new Dictionary<string, object?>
        {
            ["node"] = node,
            ["id"] = $"node/{node}",
            ["type"] = "node",
            ["status"] = Status(node, site),
        };
        if (site.Options.Fingerprint is { } fingerprint)
            described["ssl_fingerprint"] = fingerprint;
        if (Status(node, site) == "online")
        {
            described["maxcpu"] = Environment.ProcessorCount;
            described["maxmem"] = Memory;
            described["mem"] = UsedMemory;
            described["uptime"] = Uptime;
        }
        return described;
    }
}
