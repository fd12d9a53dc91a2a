using System.Globalization;
using System.Text.RegularExpressions;
using Lab.Proxmox;

namespace Lab.Hosts;

/// <summary>What a machine is given by the lab's machine: its cloud-init seed, its name servers, and its part of ssh_config.</summary>
internal sealed partial record MachineFiles(LabFiles Lab, int VmId)
{
    private string Root => Path.Combine(Lab.Machines, $"{VmId}");

    public string Seed => Path.Combine(Root, "seed");

    public string Resolver => Path.Combine(Root, "resolv.conf");

    public string SshConfig => Path.Combine(Root, "ssh_config");

    public BootMarker Started => new(Path.Combine(Root, "started"));

    /// <summary>Writes in place, because a container that exists has the directory mounted.</summary>
    public void Write(MachineSpec spec, string? resolver)
    {
        Directory.CreateDirectory(Seed);
        File.WriteAllText(Path.Combine(Seed, "user-data"), spec.Seed.UserData);
        File.WriteAllText(Path.Combine(Seed, "meta-data"), spec.Seed.MetaData);
        File.WriteAllText(Path.Combine(Seed, "network-config"), spec.Seed.NetworkConfig);
        File.WriteAllText(Path.Combine(Seed, "mac-address"), spec.MacAddress ?? "");
        File.WriteAllText(Path.Combine(Seed, "uuid"), spec.Uuid is { } uuid ? $"{uuid.ToLowerInvariant()}\n" : "");
        if (resolver is not null)
            File.WriteAllText(Resolver, resolver);
    }

    public static IEnumerable<int> Known(LabFiles lab) =>
        Directory.Exists(lab.Machines)
            ? Directory.EnumerateDirectories(lab.Machines).Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var id) ? id : 0).Where(id => id > 0)
            : [];

    public void Delete()
    {
        if (Directory.Exists(Root))
            Directory.Delete(Root, recursive: true);
    }

    /// <summary>The login that the seed asks for, or that of Debian's cloud images.</summary>
    public static string UserOf(CloudInitSeed seed) => User().Match(seed.UserData) is { Success: true } match ? match.Groups[1].Value : "debian";

    [GeneratedRegex(@"^user:\s*[""']?([a-z_][a-z0-9_-]*)", RegexOptions.Multiline)]
    private static partial Regex User();
}
