using System.Globalization;

namespace Lab.Hosts;

/// <summary>What the machine below the containers offers.</summary>
/// <param name="Memory">Bytes.</param>
/// <param name="CgroupVersion">1 also stands for the hybrid layout.</param>
internal sealed record EngineFacts(int Cpus, long Memory, int CgroupVersion)
{
    public static async Task<EngineFacts> AskAsync(CancellationToken cancel) =>
        Read(await Docker.RunAsync(["info", "--format", "{{.NCPU}} {{.MemTotal}} {{.CgroupVersion}}"], cancel));

    public static EngineFacts Read(string answer) =>
        answer.Split(' ') is [var cpus, var memory, var cgroups]
            ? new(int.Parse(cpus, CultureInfo.InvariantCulture), long.Parse(memory, CultureInfo.InvariantCulture), cgroups == "2" ? 2 : 1)
            : throw new LabException(
                "Docker did not tell the size of this machine.",
                $"`docker info` answered `{answer}`, wanted were processors, bytes of memory and the cgroup version.",
                "Look at `docker info`, and use Docker Engine 20.10 or newer.");
}
