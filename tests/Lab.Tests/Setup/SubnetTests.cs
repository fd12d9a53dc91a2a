using System.Net;
using CsCheck;
using Lab.Setup;

namespace Lab.Tests.Setup;

public class SubnetTests
{
    private static readonly string[] Routes =
    [
        "Iface\tDestination\tGateway \tFlags\tRefCnt\tUse\tMetric\tMask\t\tMTU\tWindow\tIRTT",
        "eth0\t00000000\t010200C0\t0003\t0\t0\t0\t00000000\t0\t0\t0",
        "eth0\t000200C0\t00000000\t0001\t0\t0\t0\t00FFFFFF\t0\t0\t0",
        "tun0\t00000080\t00000000\t0001\t0\t0\t0\t00000080\t0\t0\t0",
    ];

    [Fact]
    public void Routes_are_read_without_those_that_send_most_of_the_Internet_somewhere() =>
        TakenSubnet.OfRoutes(Routes).ShouldBe([new("the route of eth0", IPNetwork.Parse("192.0.2.0/24"))]);

    [Fact]
    public void A_network_gives_each_of_its_subnets() =>
        TakenSubnet.OfNetwork("bridge 172.17.0.0/16 fd00::/64 ").Select(subnet => $"{subnet}").ShouldBe(["172.17.0.0/16 (bridge)", "fd00::/64 (bridge)"]);

    [Theory]
    [InlineData("198.18.77.0/24", "198.18.77.0/24", true)]
    [InlineData("198.18.77.0/24", "198.18.0.0/16", true)]
    [InlineData("198.18.0.0/16", "198.18.77.0/24", true)]
    [InlineData("198.18.77.0/24", "198.18.78.0/24", false)]
    [InlineData("198.18.77.0/24", "fd00::/64", false)]
    public void Networks_clash_when_one_holds_the_other(string wanted, string taken, bool clash) =>
        (TakenSubnet.Clash(IPNetwork.Parse(wanted), [new("x", IPNetwork.Parse(taken))]) is not null).ShouldBe(clash);

    [Fact]
    public void Any_two_networks_clash_exactly_when_they_share_an_address() =>
        Gen.Select(Network, Network).Sample((a, b) =>
            (TakenSubnet.Clash(a, [new("x", b)]) is not null) == (First(a) <= Last(b) && First(b) <= Last(a)));

    private static Gen<IPNetwork> Network => Gen.Select(Gen.Byte, Gen.Int[8, 29]).Select((third, prefix) =>
        new IPNetwork(new IPAddress(BitConverter.GetBytes(IPAddress.HostToNetworkOrder((int)((0xC6120000u | ((uint)third << 8)) & (uint.MaxValue << (32 - prefix)))))), prefix));

    private static uint First(IPNetwork network) => (uint)IPAddress.NetworkToHostOrder(BitConverter.ToInt32(network.BaseAddress.GetAddressBytes()));

    private static uint Last(IPNetwork network) => First(network) | (uint.MaxValue >> network.PrefixLength);
}
