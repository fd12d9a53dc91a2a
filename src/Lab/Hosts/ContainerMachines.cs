using System.Globalization;
using System.Net;
using Lab.Proxmox;

namespace Lab.Hosts;

/// <summary>Virtual machines that are containers with systemd, sshd and cloud-init on the local Docker Engine.</summary>
internal sealed class ContainerMachines(LabOptions options, string image) : IVirtualMachines, IDisposable
{
    private readonly LabFiles _files = new(options.State);
    private readonly SemaphoreSlim _sshConfig = new(1);

    public async Task StartAsync(MachineSpec spec, CancellationToken cancel)
    {
        Check(spec);
        var container = Container(spec.VmId);
        container.Files.Write(spec, NameServers.Resolver());
        try
        {
            await PrepareAsync(container, spec, cancel);
            await Docker.RunAsync(["start", container.Name], cancel);
            container.Files.Started.Set();
            await WriteSshConfigAsync(container, spec, cancel);
        }
        catch (LabException e)
        {
            throw new MachineException(e.Message);
        }
    }

    public async Task StopAsync(int vmId, TimeSpan grace, CancellationToken cancel)
    {
        var container = Container(vmId);
        container.Files.Started.Clear();
        if (await IsRunningAsync(vmId, cancel))
            await Docker.RunAsync(["stop", "-t", ((int)grace.TotalSeconds).ToString(CultureInfo.InvariantCulture), container.Name], cancel);
    }

    public async Task DestroyAsync(int vmId, CancellationToken cancel)
    {
        var container = Container(vmId);
        if (await StateAsync(vmId, cancel) is not null)
            await Docker.RunAsync(["rm", "--force", "--volumes", container.Name], cancel);
        await Docker.RunAsync(["volume", "rm", "--force", .. container.Volumes], cancel);
        await Disks(vmId).ClearAsync(cancel);
        container.Files.Delete();
        await JoinSshConfigAsync(cancel);
    }

    public async Task TakeSnapshotAsync(int vmId, string name, CancellationToken cancel) => await Disks(vmId).TakeAsync(name, await StateAsync(vmId, cancel), cancel);

    public async Task RollBackAsync(int vmId, string name, CancellationToken cancel)
    {
        await StopAsync(vmId, TimeSpan.Zero, cancel);
        await Disks(vmId).RestoreAsync(name, cancel);
    }

    public Task DeleteSnapshotAsync(int vmId, string name, CancellationToken cancel) => Disks(vmId).DeleteAsync(name, cancel);

    /// <summary>Starts the machines that ran when the lab's machine went down.</summary>
    public async Task ResumeAsync(CancellationToken cancel)
    {
        foreach (var vmId in MachineFiles.Known(_files))
        {
            var container = Container(vmId);
            if (!container.Files.Started.IsFromEarlierBoot || await StateAsync(vmId, cancel) is null)
                continue;
            await Docker.RunAsync(["start", container.Name], cancel);
            container.Files.Started.Set();
        }
    }

    public async Task<bool> IsRunningAsync(int vmId, CancellationToken cancel) => await StateAsync(vmId, cancel) == "running";

    public async Task<bool> IsReadyAsync(int vmId, CancellationToken cancel) =>
        await IsRunningAsync(vmId, cancel)
        && (await ExecuteAsync(vmId, ["systemctl", "is-active", "--quiet", "basic.target"], null, cancel)).ExitCode == 0;

    public async Task<GuestCommandResult> ExecuteAsync(int vmId, IReadOnlyList<string> command, string? input, CancellationToken cancel)
    {
        var stdin = input is null ? Array.Empty<string>() : ["--interactive"];
        var result = await (Docker.Command(["exec", .. stdin, Container(vmId).Name, .. command]) with { Input = input }).RunAsync(cancel);
        return new(result.ExitCode, result.Output, result.Error);
    }

    public async Task<IReadOnlyList<GuestInterface>> InterfacesAsync(int vmId, CancellationToken cancel) =>
        GuestInterfaces.Read(await Docker.RunAsync(["exec", Container(vmId).Name, "ip", "-json", "address"], cancel));

    public void Dispose() => _sshConfig.Dispose();

    private DiskSnapshots Disks(int vmId) => new(Container(vmId), image);

    private VmContainer Container(int vmId) => new(options, new MachineFiles(_files, vmId), vmId);

    private void Check(MachineSpec spec)
    {
        if (spec.Address is { } address && (!options.Subnet.Contains(address) || address.Equals(options.Gateway)))
            throw new MachineException(
                $"{spec.Name} (VM {spec.VmId}) cannot have the address {address}: the lab's machines live in {options.Subnet}, and {options.Gateway} is taken. "
                + "Give it another address in the fleet file, or the lab another subnet.");
        if (spec.Gateway is { } gateway && !gateway.Equals(options.Gateway))
            throw new MachineException(
                $"{spec.Name} (VM {spec.VmId}) cannot have the gateway {gateway}: the lab's gateway is {options.Gateway}. Change it in the fleet file.");
    }

    private async Task PrepareAsync(VmContainer container, MachineSpec spec, CancellationToken cancel)
    {
        var engine = await EngineFacts.AskAsync(cancel);
        if (await StateAsync(spec.VmId, cancel) is null)
        {
            await Docker.RunAsync(container.Create(spec, engine, await Disks(spec.VmId).ImageAsync(image, cancel)), cancel);
            return;
        }
        await Docker.RunAsync(container.Update(spec, engine), cancel);
        await MoveAsync(container, spec, cancel);
    }

    // A container keeps its address over restarts unless it is connected anew.
    private async Task MoveAsync(VmContainer container, MachineSpec spec, CancellationToken cancel)
    {
        const string Wanted = "{{range .NetworkSettings.Networks}}{{with .IPAMConfig}}{{.IPv4Address}}{{end}}{{end}}";
        var have = await Docker.RunAsync(["container", "inspect", "--format", Wanted, container.Name], cancel);
        if (have == $"{spec.Address}")
            return;
        await Docker.RunAsync(["network", "disconnect", "--force", options.Name, container.Name], cancel);
        var address = spec.Address is null ? Array.Empty<string>() : ["--ip", $"{spec.Address}"];
        await Docker.RunAsync(["network", "connect", .. address, options.Name, container.Name], cancel);
    }

    private async Task WriteSshConfigAsync(VmContainer container, MachineSpec spec, CancellationToken cancel)
    {
        const string Given = "{{range .NetworkSettings.Networks}}{{.IPAddress}}{{end}}";
        var address = spec.Address ?? IPAddress.Parse(await Docker.RunAsync(["container", "inspect", "--format", Given, container.Name], cancel));
        await File.WriteAllTextAsync(
            container.Files.SshConfig, SshConfig.Entry(spec.Name, address, MachineFiles.UserOf(spec.Seed), _files), cancel);
        await JoinSshConfigAsync(cancel);
    }

    private async Task JoinSshConfigAsync(CancellationToken cancel)
    {
        await _sshConfig.WaitAsync(cancel);
        try
        {
            SshConfig.Write(_files);
        }
        finally
        {
            _sshConfig.Release();
        }
    }

    /// <summary>Docker's word for the container's state; null when there is none.</summary>
    private async Task<string?> StateAsync(int vmId, CancellationToken cancel) =>
        await Docker.RunAsync(["ps", "--all", "--filter", $"name=^/?{Container(vmId).Name}$", "--format", "{{.State}}"], cancel) is { Length: > 0 } state
            ? state
            : null;
}
