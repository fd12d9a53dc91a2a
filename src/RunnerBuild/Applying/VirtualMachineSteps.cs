using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;
using Field = System.Collections.Generic.KeyValuePair<string, string>;

namespace RunnerBuild.Applying;

/// <summary>Carries out single steps on virtual machines and awaits the tasks they start.</summary>
internal sealed class VirtualMachineSteps(ProxmoxClient client, TemplateQueue queue, IProgress<string> progress)
{
    private readonly ProxmoxTasks _tasks = new(client);

    public TimeProvider Time => client.Time;

    public IProgress<string> Progress => progress;

    public Task RunAsync(VirtualMachineStep step, CancellationToken cancel)
    {
        progress.Report($"{step}");
        return step switch
        {
            AwaitClone { Task: { } task } => AwaitCloneAsync(task, step, cancel),
            AwaitClone => Task.CompletedTask,
            CloneVm clone => queue.RunAsync(clone.Template, () => WriteAsync(Clone(clone), TimeSpan.FromMinutes(60), cancel), cancel),
            ConfigureVm configure => WriteAsync(Configure(configure), TimeSpan.FromMinutes(5), cancel),
            ResizeDisk resize => WriteAsync(Resize(resize), TimeSpan.FromMinutes(10), cancel),
            StartVm start => WriteAsync(ProxmoxCall.Post($"{start.Vm.Path}/status/start", [], $"start {start.Vm}"), TimeSpan.FromMinutes(10), cancel),
            _ => throw new ArgumentOutOfRangeException(nameof(step), step, null),
        };
    }

    /// <summary>After a write whose answer was lost: lets what it may have started come to its end, however that is.</summary>
    public async Task SettleAsync(VirtualMachineStep step, CancellationToken cancel)
    {
        var (node, kind, subject) = step switch
        {
            CloneVm clone => (clone.Template.Node, "qmclone", clone.Template.VmId),
            ConfigureVm => (step.Vm.Node, "qmconfig", step.Vm.VmId),
            ResizeDisk => (step.Vm.Node, "resize", step.Vm.VmId),
            _ => (step.Vm.Node, "qmstart", step.Vm.VmId),
        };
        // The server may still be at work on the call itself.
        await Task.Delay(TimeSpan.FromSeconds(1), Time, cancel);
        foreach (var task in await _tasks.RunningAsync(node, kind, subject, cancel))
            await _tasks.SettleAsync(task, $"finish {step}", TimeSpan.FromMinutes(60), progress, cancel);
    }

    private Task AwaitCloneAsync(string task, VirtualMachineStep step, CancellationToken cancel) =>
        Upid.Parse(task) is { } upid ? _tasks.SettleAsync(upid, $"{step}", TimeSpan.FromMinutes(60), progress, cancel) : Task.CompletedTask;

    private async Task WriteAsync(ProxmoxCall call, TimeSpan limit, CancellationToken cancel)
    {
        if (await client.WriteAsync(call, cancel) is { } task)
            await _tasks.AwaitAsync(task, call.Purpose, limit, progress, cancel);
    }

    private static ProxmoxCall Clone(CloneVm clone)
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

    private static ProxmoxCall Resize(ResizeDisk resize) =>
        ProxmoxCall.Put($"{resize.Vm.Path}/resize", [new("disk", resize.Disk), new("size", $"{resize.GiB}G")],
            $"resize {resize.Disk} of {resize.Vm} to {resize.GiB}G");
}
