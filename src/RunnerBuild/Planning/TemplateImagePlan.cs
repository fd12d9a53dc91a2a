using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>Has a node download an image, and compare it with its checksum.</summary>
internal sealed record DownloadImage(GuestId Vm, TemplateImage Image) : VirtualMachineStep(Vm)
{
    protected override string Text => $"download of {Image.Spec.Image} to {Image.Spec.ImageStorage} on {Vm.Node}";
}

/// <summary>Makes a virtual machine of an image.</summary>
internal sealed record ImportImage(GuestId Vm, TemplateImage Image) : VirtualMachineStep(Vm)
{
    protected override string Text => $"import of {Image.FileName} as {Vm}";
}

/// <summary>Makes a template of a virtual machine; there is no way back.</summary>
internal sealed record MakeTemplate(GuestId Vm) : VirtualMachineStep(Vm)
{
    protected override string Text => $"turning {Vm} into a template";
}

/// <summary>From a bare Proxmox to one with a template. A template is made once: another image needs another VMID, since clones may hang on the first.</summary>
internal static class TemplateImagePlan
{
    public static IReadOnlyList<Change> Diff(TemplateImage want, TemplateImageFacts have)
    {
        var resource = $"template/{want.Id.VmId}";
        if (Obstacle(want.Spec, have) is var (found, fix))
            return [new(resource, "template", found, want.Spec.Name, [], Refusal: fix)];
        if (have.Config is { } config)
            return config.GetValueOrDefault("template") == "1"
                ? []
                : [new(resource, "kind", "virtual machine", "template", [new MakeTemplate(want.Id)])];
        return
        [
            .. have.HasImage ? Array.Empty<Change>() : [new(resource, "image", null, $"{want.FileName} on {want.Spec.ImageStorage}", [new DownloadImage(want.Id, want)])],
            new(resource, "vm", null, $"{want.Spec.Name} with its disk on {want.Spec.Storage}, a cloud-init drive, agent and serial console", [new ImportImage(want.Id, want)]),
            new(resource, "kind", null, "template", [new MakeTemplate(want.Id)]),
        ];
    }

    /// <summary>What is there and was made of another image; it stays.</summary>
    public static string? Note(TemplateImage want, TemplateImageFacts have) =>
        have.Config is { } config && TemplateImage.IsMarked(config.GetValueOrDefault("description"))
        && !config.GetValueOrDefault("description", "").Contains(want.Mark, StringComparison.Ordinal)
            ? $"template {want.Id.VmId} was made of another image and stays; for this one, choose another vmid and name it as `template` of the hosts"
            : null;

    private static (string Found, string Fix)? Obstacle(TemplateSpec want, TemplateImageFacts have)
    {
        if (have.Elsewhere is { } guest)
            return ($"{guest}", $"VMID {want.VmId} is taken by {guest}. Choose another `vmid` of the cluster's templateImage.");
        // While it is being made there is nothing but a lock, not even the mark.
        if (have.Config?.GetValueOrDefault("lock") is { } held)
            return ($"a machine that is locked ({held})", $"Wait until the task that holds the lock has ended (the node's task history shows it), and run the same again.");
        if (have.Config is { } config)
            return TemplateImage.IsMarked(config.GetValueOrDefault("description"))
                ? null
                : ($"`{config.GetValueOrDefault("name")}`", $"VMID {want.VmId} is taken by `{config.GetValueOrDefault("name")}`, which was not made here. If it is a template that will do, leave out templateImage; else choose another `vmid` for it.");
        if (!have.IsFree)
            return ("a guest that the login may not see", $"Grant VM.Audit on /vms/{want.VmId}, or choose another `vmid` of the cluster's templateImage.");
        return have.Release.ImportsImages
            ? null
            : ($"Proxmox VE {have.Release}", "Before 8.4, Proxmox VE imports images for root's shell alone. On the node: "
                + $"`wget -O /tmp/image.qcow2 {want.Image}`, compare `{want.Checksum.Split(':')[0]}sum /tmp/image.qcow2`, then `qm create {want.VmId} --name {want.Name} --memory 2048 --net0 virtio,bridge={want.Bridge} "
                + $"--scsihw virtio-scsi-pci --scsi0 {want.Storage}:0,import-from=/tmp/image.qcow2 --ide2 {want.Storage}:cloudinit --boot order=scsi0 --serial0 socket --vga serial0 --agent enabled=1` and `qm template {want.VmId}`.");
    }
}
