using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Proxmox;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Terminal;

namespace RunnerBuild.Stages;

/// <summary>CreateVm: the virtual machine, up to the point where it answers SSH with a host key that is trusted.</summary>
internal sealed class VirtualMachineStage(ProxmoxEndpoint? endpoint, SecretStore secrets, HostKeyPins pins, Report report) : Stage, IDisposable
{
    private readonly SemaphoreSlim _connecting = new(1);
    private ProxmoxClient? _client;
    private VirtualMachines? _machines;

    public override string Name => "CreateVm";

    public override bool BlocksPlanning(ImmutableArray<Change> changes) => true;

    public override async Task<ImmutableArray<Change>> PlanAsync(HostSession session, CancellationToken cancel)
    {
        var host = session.Host;
        if (host.Vm is null)
            return await ReachabilityPlan.DiffAsync(session, cancel);
        var facts = await (await MachinesAsync(cancel)).ObserveAsync(host, cancel);
        var changes = VirtualMachinePlan.Diff(VirtualMachine.Of(host), facts);
        if (changes.Count == 0)
        {
            foreach (var note in VirtualMachinePlan.Notes(facts))
                report.Note(session.Name, note);
            return pins.For(host.Ssh.Address, host.Ssh.Port).Count > 0 || !host.Ssh.HostKeys.IsEmpty || session.AcceptsKey
                ? await ReachabilityPlan.DiffAsync(session, cancel)
                : [new Change("ssh", "host key", null, "learned from the guest", [new BringUp(host.Name)])];
        }

        // A machine that does not exist yet cannot be the one whose keys are pinned for its address.
        return facts is VirtualMachineFacts.Absent && pins.For(host.Ssh.Address, host.Ssh.Port).Count > 0
            ? [new Change("ssh", "host key", "an earlier machine's", null, [new ForgetHostKeys(host.Ssh.Address, host.Ssh.Port)]), .. changes]
            : [.. changes];
    }

    public override async Task ApplyAsync(HostSession session, ImmutableArray<Change> changes, CancellationToken cancel)
    {
        foreach (var forget in changes.SelectMany(change => change.Steps).OfType<ForgetHostKeys>())
            pins.Forget(forget.Address, forget.Port);
        if (session.Host.Vm is null)
        {
            await BootWait.AwaitAsync(session, report, cancel);
            return;
        }

        var machines = await MachinesAsync(cancel);
        var progress = new ProgressLines(report, session.Name);
        var toDo = changes.Where(change => change.Steps.Any(step => step is VirtualMachineStep)).ToList();
        if (toDo.Count > 0)
            await machines.ApplyAsync(session.Host, toDo, progress, cancel);
        await machines.WaitUntilReadyAsync(session.Host, progress, cancel);
        await LearnHostKeysAsync(machines, session, cancel);
        await BootWait.AwaitAsync(session, report, cancel);
    }

    private async Task LearnHostKeysAsync(VirtualMachines machines, HostSession session, CancellationToken cancel)
    {
        var ssh = session.Host.Ssh;
        if (pins.For(ssh.Address, ssh.Port).Count > 0 || !ssh.HostKeys.IsEmpty || session.AcceptsKey)
            return;
        var lines = await machines.HostKeysAsync(session.Host, cancel);
        var keys = (lines ?? []).Select(HostKey.Parse).OfType<HostKey>().ToList();
        if (keys.Count == 0)
            return;
        pins.Pin(ssh.Address, ssh.Port, keys);
        report.Progress(session.Name, $"learned the host key over the guest agent: {keys[0].Fingerprint}");
    }

    private async Task<VirtualMachines> MachinesAsync(CancellationToken cancel)
    {
        if (endpoint is null)
            throw new ConfigurationException("The fleet has hosts with `vm:` and no `proxmox:`.", "There is nowhere to create them.", "Add the endpoint, or remove `vm:` from hosts that exist already.");
        await _connecting.WaitAsync(cancel);
        try
        {
            _client ??= new ProxmoxClient(endpoint, await secrets.FetchAsync(endpoint.TokenSecret, cancel), TimeProvider.System);
            return _machines ??= new VirtualMachines(_client);
        }
        finally
        {
            _connecting.Release();
        }
    }

    public void Dispose()
    {
        _machines?.Dispose();
        _client?.Dispose();
        _connecting.Dispose();
    }

    private sealed class ProgressLines(Report report, string host) : IProgress<string>
    {
        public void Report(string value) => report.Progress(host, value);
    }
}
