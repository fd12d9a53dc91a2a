using System.Collections.Immutable;
using System.Globalization;
using System.Text.Json;
using RunnerBuild.Desired;
using RunnerBuild.Remote.Proxmox;
using ConfigValues = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace RunnerBuild.Facts;

/// <summary>Finds out what stands under a VMID, with reads alone. The calls for a machine that is there go out side by side.</summary>
internal sealed class VirtualMachineObservation(ProxmoxClient client)
{
    private readonly Lock _once = new();
    private Task<ProxmoxRelease>? _release;

    public async Task<VirtualMachineFacts> OfAsync(VirtualMachine want, CancellationToken cancel)
    {
        // Alone and first: a wrong token or certificate is found out by one call, not by five.
        var release = await ReleaseAsync(cancel);
        using var unneeded = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        var details = DetailsAsync(want.Id, release, unneeded.Token);
        try
        {
            var guests = await GuestsAsync(cancel);
            var guest = guests.FirstOrDefault(entry => entry.VmId == want.Id.VmId);
            if (guest is null)
                return await UnlistedAsync(want, release, guests, cancel);
            if (guest.Lock != "clone" && (guest.Kind != "qemu" || guest.IsTemplate || guest.Node != want.Id.Node))
                return new VirtualMachineFacts.Occupied(guest);
            var facts = guest.Lock == "clone" ? null : await ListedAsync(want.Id, release, details, cancel);
            if (facts is null or { Lock: "clone" })
                return new VirtualMachineFacts.Cloning(await CloneTaskAsync(want, guests, cancel));
            // The list comes from a cache that is some seconds behind, also about what a template is; the configuration does not lie.
            return facts.Config.GetValueOrDefault("template") == "1"
                ? new VirtualMachineFacts.Occupied(guest with { IsTemplate = true, Name = facts.Config.GetValueOrDefault("name", guest.Name) })
                : facts with { Pool = guest.Pool };
        }
        finally
        {
            await unneeded.CancelAsync();
            await ((Task)details).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
    }

    /// <summary>The same with the guest's own word for its addresses, which a plan needs.</summary>
    public async Task<VirtualMachineFacts> WithAddressesAsync(VirtualMachine want, CancellationToken cancel) =>
        await GuestAddresses.AskAsync(client, want, await OfAsync(want, cancel), cancel);

    private Task<JsonElement> StatusAsync(GuestId vm, CancellationToken cancel) =>
        client.GetAsync($"{vm.Path}/status/current", $"read the state of {vm}", cancel);

    // The details may have been asked for just before a clone ended, and the list just after: then they are asked for again.
    private async Task<VirtualMachineFacts.Present> ListedAsync(
        GuestId vm, ProxmoxRelease release, Task<VirtualMachineFacts.Present> details, CancellationToken cancel)
    {
        try
        {
            return await details;
        }
        catch (ProxmoxException early) when (early.Fault is ProxmoxFault.NoSuchGuest or ProxmoxFault.Forbidden)
        {
            return await DetailsAsync(vm, release, cancel);
        }
    }

    private async Task<VirtualMachineFacts.Present> DetailsAsync(GuestId vm, ProxmoxRelease release, CancellationToken cancel)
    {
        var config = client.GetAsync($"{vm.Path}/config", $"read the configuration of {vm}", cancel);
        var pending = client.GetAsync($"{vm.Path}/pending", $"read the pending changes of {vm}", cancel);
        var status = StatusAsync(vm, cancel);
        var drive = client.GetAsync($"{vm.Path}/cloudinit", $"read what the cloud-init drive of {vm} lacks", cancel);
        await Task.WhenAll(config, pending, status, drive);
        var values = (await config).Texts();
        return new VirtualMachineFacts.Present(
            release, values, values.GetValueOrDefault("digest"), (await status).Text("status") == "running",
            values.GetValueOrDefault("lock") ?? (await status).Text("lock"),
            [.. (await pending).Items().Select(Pending).OfType<PendingValue>()])
        {
            BehindOnDrive = [.. (await drive).Items().Select(Pending).OfType<PendingValue>().Select(value => value.Key)],
            Uptime = (await status).Number("uptime") ?? 0,
            ProcessId = (await status).Number("pid"),
        };
    }

    private async Task<VirtualMachineFacts> UnlistedAsync(
        VirtualMachine want, ProxmoxRelease release, ImmutableArray<GuestEntry> guests, CancellationToken cancel)
    {
        if (!await IsFreeAsync(want.Id, cancel))
        {
            // A token that gets its rights from a pool does not see the machine until its clone has ended.
            if (await CloneTaskAsync(want, guests, cancel) is { } task)
                return new VirtualMachineFacts.Cloning(task);
            var endedMeanwhile = (await GuestsAsync(cancel)).Any(entry => entry.VmId == want.Id.VmId);
            return endedMeanwhile ? await OfAsync(want, cancel) : new VirtualMachineFacts.Hidden();
        }

        var nodes = await client.GetAsync("/nodes", "list the nodes", cancel);
        ImmutableArray<NodeState> states =
            [.. nodes.Items().Select(node => new NodeState(node.Text("node") ?? "", node.Text("status") == "online"))];
        var usable = states.Any(state => state.Name == want.Id.Node && state.Online);
        return new VirtualMachineFacts.Absent(
            release, states, usable ? await TemplateAsync(want, guests, cancel) : null, [.. guests.Where(guest => guest.IsTemplate)]);
    }

    private async Task<TemplateFacts?> TemplateAsync(VirtualMachine want, ImmutableArray<GuestEntry> guests, CancellationToken cancel)
    {
        var guest = guests.FirstOrDefault(entry => entry.VmId == want.Spec.Template);
        if (guest is { Kind: not "qemu" })
            return new(guest, ConfigValues.Empty);
        try
        {
            var id = new GuestId(guest?.Node ?? want.Id.Node, want.Spec.Template);
            var config = (await client.GetAsync($"{id.Path}/config", $"read template {id.VmId}", cancel)).Texts();
            return new(new(id.VmId, "qemu", id.Node, config.GetValueOrDefault("name", ""), config.GetValueOrDefault("tags", ""),
                config.GetValueOrDefault("template") == "1", null), config);
        }
        catch (ProxmoxException missing) when (guest is null && missing.Fault is ProxmoxFault.NoSuchGuest)
        {
            return null;
        }
    }

    // The answer is not filtered by what the token may see.
    public async Task<bool> IsFreeAsync(GuestId vm, CancellationToken cancel)
    {
        try
        {
            await client.GetAsync($"/cluster/nextid?vmid={vm.VmId}", $"ask whether VMID {vm.VmId} is free", cancel);
            return true;
        }
        catch (ProxmoxException taken) when (taken.Fault is ProxmoxFault.BadRequest)
        {
            return false;
        }
    }

    private async Task<string?> CloneTaskAsync(VirtualMachine want, ImmutableArray<GuestEntry> guests, CancellationToken cancel)
    {
        var node = guests.FirstOrDefault(guest => guest.VmId == want.Spec.Template)?.Node ?? want.Id.Node;
        var tasks = await new ProxmoxTasks(client).RunningAsync(node, "qmclone", want.Spec.Template, cancel);
        return tasks is [var first, ..] ? first.Value : null;
    }

    public async Task<ImmutableArray<GuestEntry>> GuestsAsync(CancellationToken cancel) =>
        [.. (await client.GetAsync("/cluster/resources?type=vm", "list the guests of the cluster", cancel)).Items().Select(guest => new GuestEntry(
            (int)(guest.Number("vmid") ?? 0), guest.Text("type") ?? "", guest.Text("node") ?? "", guest.Text("name") ?? "",
            guest.Text("tags") ?? "", guest.Flag("template"), guest.Text("lock")) { Pool = guest.Text("pool") })];

    private static PendingValue? Pending(JsonElement entry) =>
        entry.Text("key") is { } key && (entry.Text("pending") is not null || entry.Number("delete") > 0)
            ? new(key, entry.Text("value"), entry.Text("pending"))
            : null;

    public async Task<ProxmoxRelease> ReleaseAsync(CancellationToken cancel)
    {
        Task<ProxmoxRelease> asked;
        lock (_once)
        {
            if (_release is null or { IsFaulted: true })
                _release = AskReleaseAsync();
            asked = _release;
        }

        return await asked.WaitAsync(cancel);
    }

    private async Task<ProxmoxRelease> AskReleaseAsync()
    {
        var text = (await client.GetAsync("/version", "ask for Proxmox's release", CancellationToken.None)).Text("version") ?? "";
        var numbers = text.Split('.', '-')
            .Select(part => int.TryParse(part, NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number : 0).ToArray();
        return new(numbers[0], numbers.Length > 1 ? numbers[1] : 0);
    }
}
