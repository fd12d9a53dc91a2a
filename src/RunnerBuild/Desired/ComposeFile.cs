using System.Collections.Immutable;
using RunnerBuild.Config;
using YamlDotNet.Serialization;

namespace RunnerBuild.Desired;

/// <summary>
/// The compose file that lets people use `docker compose ps`, `logs` and `config` on runners; the supervisor makes the containers. It says nothing that a
/// deployment changes, so compose sees no difference in a busy container; and it names an image that nobody can have, so whatever difference compose sees
/// (after an upgrade of itself, say), it cannot make the container that it would put in the busy one's place: it makes that first.
/// </summary>
internal static class ComposeFile
{
    /// <summary>Names under `.invalid` belong to nobody (RFC 2606). Compose shows it when it is to make a container.</summary>
    public const string Image = "made-by-github-docker-runners.invalid/runner";

    public static string Of(Host host, ImmutableArray<WantedSlot> slots)
    {
        var services = slots.ToDictionary(slot => slot.Name, Service);
        var yaml = new SerializerBuilder().Build().Serialize(new Dictionary<string, object> { ["name"] = "github-runners", ["services"] = services });
        return $"""
            # Written by RunnerBuild for {host.Name}: one service a slot, to look at runners with docker compose ps, logs -f and config.
            # The containers are made by github-docker-runners.service, a new one for each job; compose can make none. Edit the fleet file, not this one.

            """ + yaml;
    }

    private static Dictionary<string, string> Service(WantedSlot slot) => new()
    {
        ["image"] = Image,
        ["container_name"] = slot.Name,
        ["pull_policy"] = "never",
        // Else compose makes a network for them.
        ["network_mode"] = "bridge",
    };
}
