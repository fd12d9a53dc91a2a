using System.Collections.Immutable;
using RunnerBuild.Config;
using YamlDotNet.Serialization;

namespace RunnerBuild.Desired;

/// <summary>The compose file that lets people use `docker compose ps`, `logs` and `config` on runners; the supervisor makes the containers.</summary>
internal static class ComposeFile
{
    public static string Of(Host host, ImmutableArray<WantedSlot> slots)
    {
        var services = slots.ToDictionary(slot => slot.Name, slot => Service(host, slot));
        var yaml = new SerializerBuilder().Build().Serialize(new Dictionary<string, object> { ["name"] = "github-runners", ["services"] = services });
        return $"""
            # Written by RunnerBuild for {host.Name}: one service a slot, to look at runners with docker compose ps, logs -f and config.
            # The containers are made by github-docker-runners.service, a new one for each job. Edit the fleet file, not this one.

            """ + yaml;
    }

    private static Dictionary<string, object> Service(Host host, WantedSlot slot)
    {
        var service = new Dictionary<string, object>
        {
            ["image"] = slot.Image,
            ["container_name"] = slot.Name,
            ["restart"] = "no",
            // It is built on the host, no registry has it.
            ["pull_policy"] = "never",
            ["network_mode"] = "bridge",
            // A container that compose itself makes for an empty slot is the supervisor's to remove.
            ["labels"] = new Dictionary<string, string> { ["runnerbuild.host"] = host.Name, ["runnerbuild.slot"] = slot.Name, ["runnerbuild.pool"] = slot.Pool.Name },
            ["pids_limit"] = slot.Pool.Pids,
        };
        if (slot.Pool.Cpus is { } cpus)
            service["cpus"] = cpus;
        if (slot.Pool.MemoryMiB is { } memory)
            service["mem_limit"] = $"{memory}m";
        return service;
    }
}
