using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>What a host can bear, and who is told when it cannot.</summary>
internal static class CareSection
{
    private static readonly Key<int> DiskWarn = new(
        "diskWarn", "Percent of Docker's disk in use from which on untagged images and build cache are removed", Texts.Number(1, 100)) { Default = "80" };
    private static readonly Key<int> DiskPark = new(
        "diskPark", "Percent of Docker's disk in use from which on no slot takes a job", Texts.Number(1, 100)) { Default = "90" };
    private static readonly Key<int> Memory = new(
        "memory", "Memory that pools may reserve together; without, the machine's", Sizes.MiB("256M", "64T")) { Clearable = true };
    private static readonly Key<double> Cpus = new(
        "cpus", "Cores that pools may reserve together; without, the machine's", Texts.Fraction(0.01, 1024)) { Clearable = true };
    private static readonly Key<string> Notify = new(
        "notify", "Program on the host that is told, as JSON on its standard input, when a slot stays parked and when it serves again",
        Texts.Like("the absolute path of a program on the host", "^/\\S+$")) { Clearable = true };

    public static Section Section { get; } = new(
        "care", "What a host can bear, and who is told when it cannot", DiskWarn, DiskPark, Memory, Cpus, Notify);

    public static HostCare Care(Settings care)
    {
        if (care.Get(DiskWarn) > care.Get(DiskPark))
            care.PlaceOf(DiskWarn).Say($"should be at most diskPark, {care.Get(DiskPark)}, is {care.Get(DiskWarn)}");
        return new HostCare(care.Get(DiskWarn), care.Get(DiskPark), care.Maybe(Memory), care.Maybe(Cpus), care.Get(Notify));
    }
}
