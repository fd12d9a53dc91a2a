using RunnerBuild.Desired;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Applying;

/// <summary>The calls that make a virtual machine of a cloud image, as it must be to become a template.</summary>
internal static class TemplateCalls
{
    public static ProxmoxCall Download(TemplateImage image) => ProxmoxCall.Post(
        $"/nodes/{Uri.EscapeDataString(image.Id.Node)}/storage/{Uri.EscapeDataString(image.Spec.ImageStorage)}/download-url",
        [
            new("content", "import"), new("filename", image.FileName), new("url", $"{image.Spec.Image}"),
            new("checksum", image.Digest), new("checksum-algorithm", image.Algorithm),
        ],
        $"download {image.Spec.Image} to {image.Spec.ImageStorage}");

    public static ProxmoxCall Import(TemplateImage image) => ProxmoxCall.Post(
        $"/nodes/{Uri.EscapeDataString(image.Id.Node)}/qemu",
        [
            new("vmid", $"{image.Id.VmId}"), new("name", image.Spec.Name), new("description", image.Description), new("ostype", "l26"), new("cores", "2"), new("memory", "2048"),
            new("scsihw", "virtio-scsi-pci"), new("scsi0", $"{image.Spec.Storage}:0,import-from={image.VolumeId},discard=on"), new("ide2", $"{image.Spec.Storage}:cloudinit"),
            new("boot", "order=scsi0"), new("serial0", "socket"), new("vga", "serial0"), new("agent", "enabled=1"), new("net0", $"virtio,bridge={image.Spec.Bridge}"),
        ],
        $"make {image.Id} of {image.FileName}");
}
