using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>A template to be made from a cloud image, for a Proxmox VE that has none yet.</summary>
internal static class TemplateSection
{
    private static readonly Key<int> VmId = new("vmid", "The template's number in the cluster", Texts.Number(100, 999_999_999)) { Default = "9999" };
    private static readonly Key<string> Name = new("name", "The template's name", Names.Domain) { Default = "debian-13-cloud" };
    private static readonly Key<string> Node = new("node", "Node of the cluster that the template is on", Names.Label) { Required = true };
    private static readonly Key<Uri> Image = new(
        "image", "Address of the distribution's cloud image, a qcow2 file",
        Addresses.Server("https://cloud.debian.org/images/cloud/trixie/20251117-2299/debian-13-genericcloud-amd64-20251117-2299.qcow2", "https", "http")) { Required = true };
    private static readonly Key<string> Checksum = new(
        "checksum", "sha512: or sha256: and the image's digest, as the distribution publishes it",
        Texts.Like("sha512: or sha256: with the digest in hexadecimal", "^(sha512:[0-9a-f]{128}|sha256:[0-9a-f]{64})$")) { Required = true };
    private static readonly Key<string> ImageStorage = new(
        "imageStorage", "Storage for the downloaded image; it must allow the content Import", Names.ProxmoxName) { Default = "local" };
    private static readonly Key<string> Storage = new("storage", "Storage for the template's disk", Names.ProxmoxName) { Default = "local-lvm" };
    private static readonly Key<string> Bridge = new(
        "bridge", "Network bridge of the template's card", Texts.Like("the name of a bridge, such as vmbr0", "^[A-Za-z][A-Za-z0-9_.]{0,14}$")) { Default = "vmbr0" };

    public static Section Section { get; } = new(
        "templateImage", "A template to be made from a cloud image", VmId, Name, Node, Image, Checksum, ImageStorage, Storage, Bridge);

    public static TemplateSpec Spec(Settings template) => new(
        template.Get(VmId), template.Get(Name), template.Get(Node), template.Get(Image), template.Get(Checksum),
        template.Get(ImageStorage), template.Get(Storage), template.Get(Bridge));
}
