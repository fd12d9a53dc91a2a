using Lab.Proxmox.Machines;
using Lab.Proxmox.Schema;
using Lab.Proxmox.State;
using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`…/resize`: disks only grow. The size is kept in the configuration; no machine sees it.</summary>
internal static class ResizeCall
{
    public static void Add(CallTable calls, Site site) =>
        calls.Add(
            "PUT",
            "/nodes/{node}/qemu/{vmid}/resize",
            Permissions.On("/vms/{vmid}", "VM.Config.Disk"),
            site.OnMachine([
                Choice("disk", [.. DiskParameters.Names]),
                Text("size").Matching(@"\+?\d+(\.\d+)?[KMGT]?"),
                Text("digest").AtMost(40).Optional(),
                Flag("skiplock").Optional(),
            ]),
            request => Resize(request, site)
        );

    private static string? Resize(ApiRequest request, Site site)
    {
        site.Cluster.Read(content => Target(content, request, site));
        if (site.Version.ResizesInTask)
            return site.Workers.Start(
                request.Node,
                "resize",
                $"{request.VmId}",
                request.Caller,
                (_, _) => Task.Run(() => Grow(request, site), CancellationToken.None)
            );
        Grow(request, site);
        return null;
    }

    private static void Grow(ApiRequest request, Site site) =>
        site.Cluster.Change(content =>
        {
            var (guest, drive) = Target(content, request, site);
            var size = request["size"];
            var wanted = size[0] == '+' ? drive.Size.GetValueOrDefault() + DiskSize.Parse(size[1..]) : DiskSize.Parse(size);
            if (wanted < drive.Size)
                throw ApiException.Internal("shrinking disks is not supported");
            guest.Config[request["disk"]] = drive.WithSize(wanted).ToString();
        });

    private static (Guest Guest, Drive Drive) Target(ClusterContent content, ApiRequest request, Site site)
    {
        var guest = content.UnlockedMachine(request.Node, request.VmId);
        if (request.Text("digest") is { } digest && digest != ConfigText.Digest(guest))
            throw ApiException.Internal("checksum mismatch (file change by other user?)");
        if (!guest.Config.TryGetValue(request["disk"], out var text))
            throw ApiException.Internal($"disk '{request["disk"]}' does not exist");
        var drive = Drive.Parse(text);
        if (drive.IsCdrom)
            throw ApiException.Internal("you can't resize a cdrom");
        site.Access.Demand(request.Caller, $"/storage/{drive.Storage}", "Datastore.AllocateSpace");
        return (guest, drive);
    }
}
