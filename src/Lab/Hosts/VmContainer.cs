using System.Globalization;
using Lab.Proxmox;

namespace Lab.Hosts;

/// <summary>How a virtual machine is expressed as a container; its disk is the container's file system plus two volumes.</summary>
internal sealed record VmContainer(LabOptions Options, MachineFiles Files, int VmId)
{
    public string Name => $"{Options.Name}-{VmId}";

    // Engines nest their overlay file systems, which cannot lie on another overlay.
    public IReadOnlyList<string> Volumes => [$"{Name}-docker", $"{Name}-containerd"];

    public IReadOnlyList<string> Create(MachineSpec spec, EngineFacts engine, string image) =>
    [
        "create", "--name", Name, "--hostname", spec.Name, "--label", Options.Label, "--label", $"runnerbuild.vmid={VmId}",
        "--network", Options.Name, .. spec.Address is { } address ? ["--ip", $"{address}"] : Array.Empty<string>(),
        "--restart", "no", .. Limits(spec, engine), .. Rights, .. Cgroups(engine),
        "--tmpfs", "/run", "--tmpfs", "/tmp:exec",
        "--mount", Volume(Volumes[0], "/var/lib/docker"), "--mount", Volume(Volumes[1], "/var/lib/containerd"),
        "--mount", ReadOnly(Files.Seed, "/var/lib/cloud/seed/nocloud"),
        .. File.Exists(Files.Resolver) ? ["--mount", ReadOnly(Files.Resolver, "/etc/resolv.conf")] : Array.Empty<string>(),
        image,
    ];

    public IReadOnlyList<string> Update(MachineSpec spec, EngineFacts engine) => ["update", .. Limits(spec, engine), Name];

    // Enough for an engine inside, also where --privileged is refused.
    private static string[] Rights =>
    [
        "--cap-add", "ALL", "--cap-drop", "SYS_RESOURCE", "--security-opt", "seccomp=unconfined",
        "--security-opt", "apparmor=unconfined", "--security-opt", "systempaths=unconfined", "--device-cgroup-rule", "a *:* rwm",
    ];

    private static string[] Cgroups(EngineFacts engine) => engine.CgroupVersion == 2
        ? ["--cgroupns", "private"]
        : ["--cgroupns", "host", "--mount", "type=bind,source=/sys/fs/cgroup,target=/sys/fs/cgroup"];

    // More than the machine has is refused by the engine, or would let the whole machine run out of memory.
    private static string[] Limits(MachineSpec spec, EngineFacts engine)
    {
        var cpus = Math.Min(spec.Cores, engine.Cpus);
        var memory = Math.Min(spec.MemoryMiB * 1024 * 1024, engine.Memory / 10 * 9);
        return ["--cpus", cpus.ToString(CultureInfo.InvariantCulture), "--memory", $"{memory}", "--memory-swap", "-1"];
    }

    public string Volume(string name, string target) => $"type=volume,source={name},target={target},volume-label={Options.Label}";

    private static string ReadOnly(string source, string target) => $"type=bind,\"source={source}\",target={target},readonly";
}
