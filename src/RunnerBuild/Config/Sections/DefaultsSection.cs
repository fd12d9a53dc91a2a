using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>What holds for every host and pool that does not say otherwise.</summary>
internal static class DefaultsSection
{
    public static readonly Key<Settings> Ssh = new("ssh", "How to log in to hosts", SshSection.Section);
    public static readonly Key<Settings> Vm = new("vm", "VMs to make; only hosts with a vm of their own get one", VmSection.Defaults);
    public static readonly Key<Settings> Engine = new("engine", "Docker Engine", EngineSection.Section);
    public static readonly Key<Settings> Care = new("care", "What hosts can bear", CareSection.Section);
    public static readonly Key<Settings> Pool = new("pool", "Pools of runners", PoolSection.Defaults);

    public static Section Section { get; } = new(
        "defaults", "What holds for every host and pool that does not say otherwise", Ssh, Vm, Engine, Care, Pool);
}
