using System.Collections.Immutable;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Facts;

/// <summary>What there is of a template that is to be made of an image.</summary>
/// <param name="IsFree">Nobody has the VMID, seen or not.</param>
/// <param name="Elsewhere">The node that the guest with this VMID is on, when it is not the wanted one or no virtual machine.</param>
/// <param name="Config">Of the virtual machine under the VMID on the wanted node; null: there is none that the login may see.</param>
internal sealed record TemplateImageFacts(
    ProxmoxRelease Release, bool IsFree, GuestEntry? Elsewhere, ImmutableSortedDictionary<string, string>? Config, bool HasImage)
{
    public static async Task<TemplateImageFacts> OfAsync(ProxmoxClient client, VirtualMachineObservation observation, TemplateImage want, CancellationToken cancel)
    {
        var release = await observation.ReleaseAsync(cancel);
        var guest = (await observation.GuestsAsync(cancel)).FirstOrDefault(entry => entry.VmId == want.Id.VmId);
        var here = guest is { Kind: "qemu" } && guest.Node == want.Id.Node;
        var config = here ? await new ClusterSurvey(client).ConfigAsync(want.Id, cancel) : null;
        var free = guest is null && await observation.IsFreeAsync(want.Id, cancel);
        return new(release, free, here ? null : guest, config, free && release.ImportsImages && await HasImageAsync(client, want, cancel));
    }

    private static async Task<bool> HasImageAsync(ProxmoxClient client, TemplateImage want, CancellationToken cancel) =>
        (await client.GetAsync(
            $"/nodes/{Uri.EscapeDataString(want.Id.Node)}/storage/{Uri.EscapeDataString(want.Spec.ImageStorage)}/content?content=import",
            $"list the images on {want.Spec.ImageStorage}", cancel)).Items().Any(volume => volume.Text("volid") == want.VolumeId);
}
