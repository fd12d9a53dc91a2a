using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>Where the embedded lab puts itself. Its presence makes a fleet the lab's.</summary>
internal static class LabSection
{
    private static readonly Key<string> Subnet = new(
        "subnet", "The lab's own network; its first address is the lab's machine", Addresses.Network(16, 28))
        { Default = "198.18.77.0/24" };

    private static readonly Key<int> Proxmox = new("proxmox", "Port of Proxmox VE's double", Addresses.Port) { Default = "18006" };
    private static readonly Key<int> GitHub = new("github", "Port of GitHub's double", Addresses.Port) { Default = "18080" };
    private static readonly Key<int> Registry = new("registry", "Port of the image registry", Addresses.Port) { Default = "15000" };

    private static readonly Key<Settings> Ports = new(
        "ports", "Ports on this machine", new Section("labPorts", "Ports on this machine", Proxmox, GitHub, Registry)) { Default = "{}" };

    public static Shape<LabSettings> Shape { get; } =
        new Section("lab", "Where the embedded lab puts itself; only for a fleet that lives in it", Subnet, Ports).As<LabSettings>(Lab);

    private static bool Lab(Settings settings, Place at, out LabSettings lab)
    {
        var ports = settings.Get(Ports);
        lab = new LabSettings(settings.Get(Subnet), ports.Get(Proxmox), ports.Get(GitHub), ports.Get(Registry));
        int[] numbers = [lab.ProxmoxPort, lab.GitHubPort, lab.RegistryPort];
        if (numbers.Distinct().Count() < numbers.Length)
            settings.PlaceOf(Ports).Say($"should be three different ports, are {string.Join(", ", numbers)}");
        return true;
    }
}
