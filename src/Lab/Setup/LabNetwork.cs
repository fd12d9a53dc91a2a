using System.Net;
using System.Net.NetworkInformation;

namespace Lab.Setup;

/// <summary>The bridge that the lab's machines live on; its gateway address is the lab's machine.</summary>
internal sealed record LabNetwork(LabOptions Options, Action<string> Say)
{
    private const string SubnetFormat = "{{.Name}} {{range .IPAM.Config}}{{.Subnet}} {{end}}";

    public async Task EnsureAsync(CancellationToken cancel)
    {
        var networks = await NetworksAsync(cancel);
        if (networks.FirstOrDefault(network => network.Name == Options.Name) is { } have)
            CheckSubnet(have);
        else
            await CreateAsync(networks, cancel);
        CheckGateway();
    }

    private static async Task<TakenSubnet[]> NetworksAsync(CancellationToken cancel)
    {
        var ids = await Docker.LinesAsync(["network", "ls", "--quiet", "--filter", "driver=bridge"], cancel);
        return ids.Length == 0 ? [] : [.. (await Docker.LinesAsync(["network", "inspect", "--format", SubnetFormat, .. ids], cancel)).SelectMany(TakenSubnet.OfNetwork)];
    }

    private async Task CreateAsync(IReadOnlyList<TakenSubnet> networks, CancellationToken cancel)
    {
        var routes = TakenSubnet.OfRoutes(await File.ReadAllLinesAsync("/proc/net/route", cancel));
        if (TakenSubnet.Clash(Options.Subnet, [.. networks, .. routes]) is { } clash)
            throw new LabException(
                $"The lab cannot use the subnet {Options.Subnet}.",
                $"{clash} is in use on this machine already.",
                "Name a free one: `subnet` in the fleet file's `lab:` section, or `lab up --subnet CIDR`; the addresses of the lab's machines go with it.");
        Say($"network {Options.Name}: creating {Options.Subnet}");
        await Docker.RunAsync(
            ["network", "create", "--driver", "bridge", "--label", Options.Label, "--label", LabOwner.LabelOf(new(Options.State)), "--subnet", $"{Options.Subnet}", "--gateway", $"{Options.Gateway}",
                "--ip-range", Options.DynamicRange, Options.Name], cancel);
    }

    private void CheckSubnet(TakenSubnet have)
    {
        if (!have.Subnet.Equals(Options.Subnet))
            throw new LabException(
                $"The lab is up with the subnet {have.Subnet}, wanted is {Options.Subnet}.",
                "its machines have their addresses in it.",
                "Take the lab down first (`./build.sh LabDown`, or `lab down`), or go back to the old subnet.");
    }

    private void CheckGateway()
    {
        var local = NetworkInterface.GetAllNetworkInterfaces().SelectMany(card => card.GetIPProperties().UnicastAddresses).Select(unicast => unicast.Address);
        if (!local.Contains(Options.Gateway))
            throw new LabException(
                $"The gateway {Options.Gateway} of the network {Options.Name} is not an address of this machine.",
                "the Docker Engine in use runs elsewhere: on another host, in a virtual machine (Docker Desktop), or rootless.",
                "Use the distribution's Docker Engine on this machine (`docker context use default`, and unset DOCKER_HOST).");
    }
}

/// <summary>A network of this machine and who has it.</summary>
internal sealed record TakenSubnet(string Name, IPNetwork Subnet)
{
    // Wider routes send most of the Internet somewhere, as VPNs do: they give way to a bridge of our own.
    private const int WidestRoute = 8;

    /// <param name="line">A network's name and subnets with blanks between.</param>
    public static IEnumerable<TakenSubnet> OfNetwork(string line) =>
        line.Split(' ', StringSplitOptions.RemoveEmptyEntries) is [var name, .. var subnets]
            ? subnets.SelectMany(text => IPNetwork.TryParse(text, out var subnet) ? [new TakenSubnet(name, subnet)] : Array.Empty<TakenSubnet>())
            : [];

    /// <param name="lines">As in /proc/net/route: a heading, then card, destination and (field 8) mask as little-endian hex.</param>
    public static IEnumerable<TakenSubnet> OfRoutes(IEnumerable<string> lines) =>
        from line in lines.Skip(1)
        let fields = line.Split('\t', StringSplitOptions.TrimEntries)
        where fields.Length > 7
        let prefix = System.Numerics.BitOperations.PopCount(Convert.ToUInt32(fields[7], 16))
        where prefix >= WidestRoute
        select new TakenSubnet($"the route of {fields[0]}", new IPNetwork(new IPAddress(Convert.ToUInt32(fields[1], 16)), prefix));

    public static TakenSubnet? Clash(IPNetwork wanted, IEnumerable<TakenSubnet> taken) =>
        taken.FirstOrDefault(other => other.Subnet.Contains(wanted.BaseAddress) || wanted.Contains(other.Subnet.BaseAddress));

    public override string ToString() => $"{Subnet} ({Name})";
}
