using System.Buffers.Binary;
using System.Globalization;
using System.Net;
using System.Net.Sockets;

namespace RunnerBuild.Config.Yaml;

/// <summary>The shapes of addresses: of machines, networks and servers.</summary>
internal static class Addresses
{
    /// <summary>A host name, DNS name or IP address.</summary>
    public static Shape<string> Host { get; } = Texts.Like(
        "a host name or an IP address", @"^[A-Za-z0-9:]([A-Za-z0-9.:_-]{0,251}[A-Za-z0-9:])?$");

    public static Shape<IPAddress> Ip { get; } = Texts.Parsed<IPAddress>("an IP address", TryParseIp);

    public static Shape<int> Port { get; } = Texts.Number(1, 65535);

    /// <summary>Where only the machine itself can ask.</summary>
    public static Shape<string> Loopback { get; } = Texts.Parsed<string>(
        "a loopback address and a port, such as 127.0.0.1:9252",
        (text, out value) => IPEndPoint.TryParse(value = text, out var at) && at.Port > 0 && IPAddress.IsLoopback(at.Address) && at.ToString() == text);

    /// <summary>A machine's address inside its network.</summary>
    public static Shape<IPNetworkAddress> InNetwork { get; } = Texts.Parsed<IPNetworkAddress>(
        "an IPv4 address with the length of its network's prefix, such as 192.168.1.250/24",
        (text, out value) =>
            TryParseInNetwork(text, out value) && value.PrefixLength >= 8 && (value.PrefixLength > 30 || !IsNetworkOrBroadcast(value)));

    /// <summary>A whole network; its text.</summary>
    public static Shape<string> Network(int shortest, int longest) => Texts.Parsed<string>(
        $"an IPv4 network with a prefix of {shortest} to {longest} bits, such as 198.18.77.0/24",
        (text, out value) => TryParseInNetwork(value = text, out var network)
            && network.PrefixLength >= shortest && network.PrefixLength <= longest && IsNetwork(network));

    /// <summary>An address of a server, without anything behind host and port but, where allowed, a path.</summary>
    public static Shape<Uri> Server(string example, params string[] schemes) => Texts.Parsed<Uri>(
        $"a web address such as {example}, without user, query and fragment",
        (text, out value) => Uri.TryCreate(text.TrimEnd('/'), UriKind.Absolute, out value!) && schemes.Contains(value.Scheme)
            && value.Host.Length > 0 && value.UserInfo.Length == 0 && value.Query.Length == 0 && value.Fragment.Length == 0);

    public static bool HasPath(string address) => Uri.TryCreate(address, UriKind.Absolute, out var uri) && uri.AbsolutePath != "/";

    public static bool Contains(IPNetworkAddress network, IPAddress address) =>
        address.AddressFamily == AddressFamily.InterNetwork
        && ((Number(address) ^ Number(network.Address)) & Mask(network.PrefixLength)) == 0;

    /// <summary>Whether no bit is set behind the prefix.</summary>
    public static bool IsNetwork(IPNetworkAddress network) => (Number(network.Address) & ~Mask(network.PrefixLength)) == 0;

    public static bool TryParseInNetwork(string text, out IPNetworkAddress value)
    {
        value = new IPNetworkAddress(IPAddress.None, 32);
        if (text.Split('/') is not [var address, var prefix] || !TryParseIp(address, out var ip)
            || ip.AddressFamily != AddressFamily.InterNetwork
            || !int.TryParse(prefix, NumberStyles.None, CultureInfo.InvariantCulture, out var length) || length > 32)
            return false;

        value = new IPNetworkAddress(ip, length);
        return true;
    }

    // IPAddress itself takes `1` for 0.0.0.1.
    private static bool TryParseIp(string text, out IPAddress value) =>
        IPAddress.TryParse(text, out value!) && (value.AddressFamily == AddressFamily.InterNetworkV6 || value.ToString() == text);

    private static bool IsNetworkOrBroadcast(IPNetworkAddress address)
    {
        var host = Number(address.Address) & ~Mask(address.PrefixLength);
        return host == 0 || host == ~Mask(address.PrefixLength);
    }

    private static uint Number(IPAddress address) => BinaryPrimitives.ReadUInt32BigEndian(address.GetAddressBytes());

    private static uint Mask(int prefix) => prefix == 0 ? 0 : uint.MaxValue << (32 - prefix);
}
