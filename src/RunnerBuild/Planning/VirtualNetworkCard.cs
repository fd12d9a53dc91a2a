using RunnerBuild.Config;

namespace RunnerBuild.Planning;

/// <summary>`net0`: bridge and VLAN are the fleet's; MAC, model, queues and all else stay as they are.</summary>
internal static class VirtualNetworkCard
{
    public static Setting? Differing(VmSpec want, string? have)
    {
        // Written without its MAC, the card would get a new one each time.
        var card = PropertyString.Parse(have ?? "virtio", "model");
        var wanted = card.With("bridge", want.Bridge);
        if (want.Vlan is { } vlan)
            wanted = wanted.With("tag", vlan == 0 ? null : $"{vlan}");
        return have is not null && wanted.SameAs(card) ? null : new("net0", Shown(card), Shown(wanted) ?? want.Bridge, $"{wanted}");
    }

    private static string? Shown(PropertyString card) =>
        card["bridge"] is { } bridge ? card["tag"] is { } tag ? $"{bridge}, VLAN {tag}" : bridge : null;
}
