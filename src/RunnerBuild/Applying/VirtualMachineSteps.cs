using System.Text.Json;
using RunnerBuild.Planning;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Applying;

/// <summary>Carries out single steps on virtual machines and awaits the tasks they start.</summary>
internal sealed class VirtualMachineSteps(ProxmoxClient client, TemplateQueue queue, IProgress<string> progress)
{
    private static readonly TimeSpan CloneLimit = TimeSpan.FromMinutes(60);
    private static readonly TimeSpan RestartLimit = TimeSpan.FromMinutes(5);
    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

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
            CloneVm clone => queue.RunAsync(clone.Template, () => WriteAsync(step, cancel), cancel),
            RestartVm => RestartAsync(step, cancel),
            _ => WriteAsync(step, cancel),
        };
    }

    /// <summary>After a write whose answer was lost: lets what it may have started come to its end, however that is.</summary>
    public async Task SettleAsync(VirtualMachineStep step, CancellationToken cancel)
    {
        var call = VirtualMachineCall.Of(step);
        // The server may still be at work on the call itself.
        await Task.Delay(TimeSpan.FromSeconds(1), Time, cancel);
        if (call.Kind.Length == 0)
            return;
        foreach (var task in await _tasks.RunningAsync(call.Node, call.Kind, call.Subject, cancel))
            await _tasks.SettleAsync(task, $"finish {step}", CloneLimit, progress, cancel);
    }

    private Task AwaitCloneAsync(string task, VirtualMachineStep step, CancellationToken cancel) =>
        Upid.Parse(task) is { } upid ? _tasks.SettleAsync(upid, $"{step}", CloneLimit, progress, cancel) : Task.CompletedTask;

    private async Task WriteAsync(VirtualMachineStep step, CancellationToken cancel)
    {
        var call = VirtualMachineCall.Of(step);
        if (await client.WriteAsync(call.Call, cancel) is { } task)
            await _tasks.AwaitAsync(task, call.Call.Purpose, call.Limit, progress, cancel);
    }

    // The task of a restart ends when the machine is down; another process of Proxmox starts it a moment later.
    private async Task RestartAsync(VirtualMachineStep step, CancellationToken cancel)
    {
        var before = await StateAsync(step, cancel);
        await WriteAsync(step, cancel);
        for (var started = Time.GetTimestamp(); ; await Task.Delay(Pause, Time, cancel))
        {
            var now = await StateAsync(step, cancel);
            if (now.Text("status") == "running" && (now.Text("pid") != before.Text("pid") || now.Number("uptime") < before.Number("uptime")))
                return;
            if (Time.GetElapsedTime(started) > RestartLimit)
                throw new RunnerBuildException(
                    $"{step.Vm} did not come up again within {RestartLimit.TotalMinutes:0} minutes of its shutdown.", $"Last seen: {now.Text("status")}.",
                    "See the node's task history for why its start failed; then run the same target again.");
        }
    }

    private Task<JsonElement> StateAsync(VirtualMachineStep step, CancellationToken cancel) =>
        client.GetAsync($"{step.Vm.Path}/status/current", $"read the state of {step.Vm}", cancel);
}
