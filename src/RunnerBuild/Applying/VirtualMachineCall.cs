using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using Field = System.Collections.Generic.KeyValuePair<string, string>;

namespace RunnerBuild.Applying;

/// <summary>A step as the call that carries it out, the kind of task it starts, and how long that may take.</summary>
/// <param name="Kind">As Proxmox names it in its list of tasks.</param>
/// <param name="Subject">The guest that the task is listed under; null: under none.</param>
internal sealed record VirtualMachineCall(ProxmoxCall Call, string Node, string Kind, int? Subject, TimeSpan Limit)
{
    private static readonly TimeSpan Short = TimeSpan.FromMinutes(5), Middling = TimeSpan.FromMinutes(10), Long = TimeSpan.FromMinutes(60);

    /// <summary>How long the guest has to shut down.</summary>
    private const string Grace = "180";

    public static VirtualMachineCall Of(VirtualMachineStep step) => step switch
    {
        CloneVm clone => new(CloneCall(clone), clone.Template.Node, "qmclone", clone.Template.VmId, Long),
        ConfigureVm configure => On(step, Configure(configure), "qmconfig", Short),
        JoinPool join => On(step, Join(join), "", Short),
        ResizeDisk resize => On(step, ProxmoxCall.Put($"{step.Vm.Path}/resize", [new("disk", resize.Disk), new("size", $"{resize.GiB}G")],
            $"resize {resize.Disk} of {step.Vm} to {resize.GiB}G"), "resize", Middling),
        StartVm => On(step, Power(step, "start"), "qmstart", Middling),
        RestartVm => On(step, Power(step, "reboot", new Field("timeout", Grace)), "qmreboot", Middling),
        ShutDownVm => On(step, Power(step, "shutdown", new Field("timeout", Grace), new Field("forceStop", "1")), "qmshutdown", Middling),
        DeleteVm => On(step, ProxmoxCall.Delete($"{step.Vm.Path}?purge=1&destroy-unreferenced-disks=0", $"remove {step.Vm}"), "qmdestroy", Middling),
        TakeSnapshot take => On(step, ProxmoxCall.Post($"{step.Vm.Path}/snapshot", [new("snapname", take.Name), new("description", take.Reason)],
            $"take snapshot {take.Name} of {step.Vm}"), "qmsnapshot", Middling),
        DeleteSnapshot delete => On(step, ProxmoxCall.Delete($"{step.Vm.Path}/snapshot/{delete.Name}", $"remove snapshot {delete.Name} of {step.Vm}"), "qmdelsnapshot", Middling),
        RollBack back => On(step, ProxmoxCall.Post($"{step.Vm.Path}/snapshot/{back.Name}/rollback", [new("start", "1")],
            $"roll {step.Vm} back to {back.Name}"), "qmrollback", Middling),
        DownloadImage { Image: var image } => new(TemplateCalls.Download(image), step.Vm.Node, "download", null, Long),
        ImportImage { Image: var image } => On(step, TemplateCalls.Import(image), "qmcreate", Long),
        MakeTemplate => On(step, ProxmoxCall.Post($"{step.Vm.Path}/template", [], $"turn {step.Vm} into a template"), "qmtemplate", Middling),
        _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
    };

    private static VirtualMachineCall On(VirtualMachineStep step, ProxmoxCall call, string kind, TimeSpan limit) => new(call, step.Vm.Node, kind, step.Vm.VmId, limit);

    private static ProxmoxCall Power(VirtualMachineStep step, string verb, params Field[] form) =>
        ProxmoxCall.Post($"{step.Vm.Path}/status/{verb}", form, $"{verb} {step.Vm}");

    private static ProxmoxCall CloneCall(CloneVm clone)
    {
        List<Field> form =
        [
            new("newid", $"{clone.Vm.VmId}"), new("name", clone.Name), new("description", clone.Description), new("full", clone.Full ? "1" : "0"),
        ];
        if (clone.Storage is { } storage)
            form.Add(new("storage", storage));
        if (clone.Pool is { } pool)
            form.Add(new("pool", pool));
        if (clone.Template.Node != clone.Vm.Node)
            form.Add(new("target", clone.Vm.Node));
        return ProxmoxCall.Post($"{clone.Template.Path}/clone", form, $"clone template {clone.Template.VmId} to {clone.Vm}");
    }

    private static ProxmoxCall Configure(ConfigureVm configure)
    {
        IEnumerable<Field> digest = configure.Digest is { } read ? [new("digest", read)] : [];
        return ProxmoxCall.Post($"{configure.Vm.Path}/config", [.. configure.Values, .. digest],
            $"set {string.Join(", ", configure.Values.Keys)} of {configure.Vm}");
    }

    private static ProxmoxCall Join(JoinPool join)
    {
        IEnumerable<Field> move = join.Leaves ? [new("allow-move", "1")] : [];
        return ProxmoxCall.Put($"/pools/{Uri.EscapeDataString(join.Pool)}", [new("vms", $"{join.Vm.VmId}"), .. move], $"put {join.Vm} into pool {join.Pool}");
    }
}
