using System.Net;
using System.Net.Sockets;

namespace Lab.Hosts;

/// <summary>
/// The resolv.conf of the machines. Docker's own resolver sits on a loopback address, which the engine inside a machine cannot hand on to
/// its containers (it would put public name servers in its place), so machines ask the name servers of the lab's machine.
/// </summary>
internal static class NameServers
{
    // The second is what the first stands for where systemd-resolved answers on a loopback address.
    private static readonly string[] Sources = ["/etc/resolv.conf", "/run/systemd/resolve/resolv.conf"];

    /// <summary>Null when only loopback or IPv6 name servers are known: then Docker's resolver has to do.</summary>
    public static string? Resolver() => Sources.Where(File.Exists).Select(File.ReadAllText).Select(Reachable).FirstOrDefault(text => text is not null);

    /// <summary>The lines of a resolv.conf that mean something inside a container, or null when no name server is among them.</summary>
    public static string? Reachable(string resolvConf)
    {
        var lines = resolvConf.Split('\n', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries);
        var servers = lines.Where(IsReachableServer).ToArray();
        var rest = lines.Where(line => line.StartsWith("search ", StringComparison.Ordinal) || line.StartsWith("options ", StringComparison.Ordinal));
        return servers.Length == 0 ? null : string.Join('\n', servers.Concat(rest)) + "\n";
    }

    private static bool IsReachableServer(string line) =>
        line.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries) is ["nameserver", var text, ..]
        && IPAddress.TryParse(text, out var address) && address.AddressFamily == AddressFamily.InterNetwork && !IPAddress.IsLoopback(address);
}
