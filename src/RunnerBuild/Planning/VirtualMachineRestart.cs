using System.Net;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Planning;

/// <summary>What a running machine has been given and does not have in force. Only a restart through Proxmox brings it about, and only with consent.</summary>
internal static class VirtualMachineRestart
{
    /// <param name="written">Keys that the same plan writes.</param>
    public static Change? Change(VirtualMachine want, VirtualMachineFacts.Present have, IEnumerable<string> written)
    {
        var keys = Waiting(want, have).Concat(written.Where(key => Effect(key) is not Later.Never)).Distinct().Order(StringComparer.Ordinal).ToArray();
        return !have.Running || keys.Length == 0
            ? null
            : new(VirtualMachinePlan.Resource(want), "restart", "running since before", $"{string.Join(", ", keys)} in force",
                [new RestartVm(want.Id, keys.Any(key => Effect(key) is Later.NewInstance), EarlierAddress(want, have))], Note: "once its runners have ended their jobs");
    }

    /// <summary>One sentence each; it needs no change, only a restart.</summary>
    public static IEnumerable<string> Notes(VirtualMachine want, VirtualMachineFacts.Present have)
    {
        if (!have.Running)
            yield break;
        foreach (var value in have.Pending.Where(value => VirtualMachineSettings.Manages(want, value.Key)))
            yield return $"{value.Key} {value.Next ?? "(none)"} needs a restart (--allow-restart); until then it is {value.Current ?? "(default)"}.";
        if (OtherAddress(want, have) is { } earlier)
            yield return $"ipconfig0: the guest is at {earlier} until a restart (--allow-restart).";
        foreach (var key in have.BehindOnDrive.Where(key => VirtualMachineSettings.Manages(want, key)))
            yield return $"{key}: the guest has the earlier one until a restart (--allow-restart).";
    }

    /// <summary>What the guest says that it has instead of the fleet's address; null: it has that, or does not tell.</summary>
    public static IPAddress? OtherAddress(VirtualMachine want, VirtualMachineFacts.Present have) =>
        want.Spec.Ip is { } wanted && !have.Addresses.Contains(wanted.Address)
            ? have.Addresses.OrderByDescending(address => address.AddressFamily == wanted.Address.AddressFamily).FirstOrDefault()
            : null;

    /// <summary>For the plan's line; null: in force at once.</summary>
    public static string? Note(string key) => Effect(key) switch
    {
        Later.Pending => "needs a restart",
        Later.NewInstance => "the guest sees it after a restart",
        _ => null,
    };

    private static IEnumerable<string> Waiting(VirtualMachine want, VirtualMachineFacts.Present have) =>
        have.Pending.Select(value => value.Key).Concat(have.BehindOnDrive).Where(key => VirtualMachineSettings.Manages(want, key))
            .Concat(OtherAddress(want, have) is null ? [] : ["ipconfig0"]);

    // Without an agent, the configuration that is about to be written over tells where the guest is.
    private static string? EarlierAddress(VirtualMachine want, VirtualMachineFacts.Present have) =>
        OtherAddress(want, have) is { } seen ? $"{seen}"
        : want.Spec.Ip is { } wanted && PropertyString.Parse(have.Config.GetValueOrDefault("ipconfig0"), "ip")["ip"]?.Split('/') is [var address, _] && address != $"{wanted.Address}" ? address
        : null;

    // Whatever goes onto the cloud-init drive makes the guest a new instance at its next start, with new host keys.
    private static Later Effect(string key) => key switch
    {
        "cores" or "sockets" or "cpu" or "memory" or "agent" => Later.Pending,
        "ipconfig0" or "nameserver" or "searchdomain" or "sshkeys" or "ciuser" or "ciupgrade" or "name" => Later.NewInstance,
        _ => Later.Never,
    };

    private enum Later
    {
        Never,
        Pending,
        NewInstance,
    }
}
