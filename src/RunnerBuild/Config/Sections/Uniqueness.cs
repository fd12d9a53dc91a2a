using System.Collections.Immutable;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>What no two hosts of a fleet may share.</summary>
internal static class Uniqueness
{
    /// <param name="built">What was made of the hosts, in the same order.</param>
    public static void Check(ImmutableArray<Settings> hosts, ImmutableArray<Host> built)
    {
        ImmutableArray<Settings> vms = [.. hosts.Select(host => host.Find(HostSection.Vm)).OfType<Settings>()];
        Report("VM", hosts.Zip(built).Select(host => (Vm: host.First.Find(HostSection.Vm), host.Second.Vm?.Cluster))
            .Where(host => host.Vm?.Has(VmSection.VmId) == true)
            .Select(host => (host.Vm!.PlaceOf(VmSection.VmId), $"{host.Vm.Get(VmSection.VmId)}{(host.Cluster is { } cluster ? $" on {cluster}" : "")}")));
        Report("VM", vms.Where(vm => vm.Has(VmSection.Ip)).Select(vm => (vm.PlaceOf(VmSection.Ip), $"{vm.Get(VmSection.Ip)!.Address}")));
        // VMs that have no address but their IP are compared above; first, so that they are what others are compared with.
        Report("host", hosts.Zip(built).OrderBy(host => host.First.Has(HostSection.Address))
            .Where(host => host.Second.Ssh.Address.Length > 0)
            .DistinctBy(host => host.First.Has(HostSection.Address) ? host.Second.Name : host.Second.Ssh.Address)
            .Select(host => (AddressOf(host.First), $"{host.Second.Ssh.Address}:{host.Second.Ssh.Port}")));
    }

    private static Place AddressOf(Settings host) =>
        host.Find(HostSection.Vm) is { } vm && !host.Has(HostSection.Address) ? vm.PlaceOf(VmSection.Ip)
            : host.PlaceOf(HostSection.Address);

    private static void Report(string what, IEnumerable<(Place At, string Value)> values)
    {
        foreach (var same in values.GroupBy(value => value.Value, StringComparer.OrdinalIgnoreCase).Where(group => group.Count() > 1))
        {
            foreach (var again in same.Skip(1))
                again.At.Say($"should be no other {what}'s, is '{again.Value}' like {same.First().At.Path}");
        }
    }
}
