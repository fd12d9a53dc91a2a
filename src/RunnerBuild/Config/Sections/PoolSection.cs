using System.Collections.Immutable;
using System.Globalization;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config.Sections;

/// <summary>Runners on one host that are alike.</summary>
internal static class PoolSection
{
    private const string KnownHostPattern =
        @"^(@(cert-authority|revoked) )?\S+ (ssh-(ed25519|rsa)|ecdsa-sha2-nistp(256|384|521)) [A-Za-z0-9+/]{20,}={0,3}( .*)?$";

    public static readonly Key<string> Name = new(
        "name", "Name of the pool, once a host", Texts.Like(Names.ShortLabelExpectation, Names.ShortLabelPattern)) { Required = true };
    private static readonly Key<Settings> GitHub = new(
        "github", "Where this pool's runners are registered; what is not said is as for the fleet", GitHubSection.Section);
    private static readonly Key<int> Count = new("count", "How many jobs run at once", Texts.Number(0, 100)) { Default = "1" };
    private static readonly Key<ImmutableArray<string>> Labels = new(
        "labels", "What workflows name under runs-on",
        new ListOf<string>(
            Texts.Loose("a label: 1 to 256 characters, no comma, no space at either end", @"^[^\s,]([^,]{0,254}[^\s,])?$"), 1, 100)
            .As<ImmutableArray<string>>(Distinct))
        { Default = "[self-hosted, linux, x64]" };
    private static readonly Key<string> Group = new(
        "group", "Runner group, by name; of an organization or enterprise", Texts.Loose("the name of a runner group", @"\S"))
        { Clearable = true };
    private static readonly Key<double> Cpus = new(
        "cpus", "CPU cores each runner may use; without, all", Texts.Fraction(0.01, 1024)) { Clearable = true };
    private static readonly Key<int> Memory = new(
        "memory", "Memory each runner may use; without, all", Sizes.MiB("256M", "8T")) { Clearable = true };
    private static readonly Key<double> ReserveCpus = new(
        "reserveCpus", "CPU cores that each runner counts for in the host's budget; a runner waits until they are free",
        Texts.Fraction(0.01, 1024)) { Clearable = true };
    private static readonly Key<int> ReserveMemory = new(
        "reserveMemory", "Memory that each runner counts for in the host's budget; a runner waits until it is free",
        Sizes.MiB("16M", "8T")) { Clearable = true };
    private static readonly Key<int> Pids = new(
        "pids", "Processes and threads each runner may have", Texts.Number(64, 4_194_304)) { Default = "2048" };
    private static readonly Key<DockerMode> Docker = new(
        "docker", "What jobs get of Docker: an engine of their own (dind), the host's own engine (socket), which makes each job root on the host, or nothing (none)",
        Texts.OneOf(("dind", DockerMode.Dind), ("socket", DockerMode.Socket), ("none", DockerMode.None))) { Default = "dind" };
    private static readonly Key<string> Image = new(
        "image", "Image to use instead of the one that is built", Names.Image) { Clearable = true };
    private static readonly Key<ImmutableSortedDictionary<string, string>> Env = new(
        "env", "Variables that every job gets; no secrets: any job can read them. Added to those of the defaults", Variables.OfJobs)
        { Default = "{}" };
    private static readonly Key<SecretReference> SshKey = new(
        "sshKey", "Private key for the jobs' SSH client; any job can read it", SecretSection.Shape) { Clearable = true };
    private static readonly Key<ImmutableArray<string>> KnownHosts = new(
        "knownHosts", "Lines of known_hosts for the jobs' SSH client, or files with them",
        Files.Lines("a line of known_hosts, such as 'git.home.arpa ssh-ed25519 AAAA…'; ssh-keyscan HOST prints them", KnownHostPattern))
        { Default = "[]" };
    private static readonly Key<string> Gpus = new(
        "gpus", "GPUs each runner gets: all, a number, or a list of device ids",
        new Either<string>(
            Texts.Loose("all, a number of GPUs, or a list of device ids", "^(all|[1-9][0-9]?)$"),
            new ListOf<string>(Texts.Loose("a GPU's number or UUID", "^[A-Za-z0-9-]+$"), 1, 64)
                .As((ids, _) => $"device={string.Join(',', ids)}"))) { Clearable = true };

    private static readonly Key<bool> RefreshDoor = new(
        "refreshDoor", "Whether its jobs may have the nightly run begin and read its report, where that run is installed on the same host", Texts.Switch) { Default = "false" };

    private static readonly ImmutableArray<Key> Shared =
        [Count, Labels, Group, Cpus, Memory, ReserveCpus, ReserveMemory, Pids, Docker, Image, Env, SshKey, KnownHosts, Gpus, RefreshDoor];

    public static Section Section { get; } = new("pool", "Runners on one host that are alike", [Name, GitHub, .. Shared]);

    public static Section Defaults { get; } = new("poolDefaults", "What holds for every pool that does not say otherwise", Shared);

    /// <param name="pool">Without a name: the one pool of a host that says none.</param>
    public static Pool Pool(Settings pool, Settings? fleetGitHub, Settings? vm)
    {
        var scope = GitHubSection.Scope(GitHubOf(pool, fleetGitHub));
        if (scope.Kind == ScopeKind.Repository && pool.Has(Group))
            pool.PlaceOf(Group).Say(
                $"should be null for pool '{NameOf(pool)}': it serves a repository; organizations and enterprises have runner groups");
        if (vm is not null)
            CheckFits(pool, vm);

        return new Pool(
            NameOf(pool), scope, pool.Get(Count), pool.Get(Labels), pool.Get(Group), pool.Maybe(Cpus), pool.Maybe(Memory), pool.Maybe(ReserveCpus), pool.Maybe(ReserveMemory), pool.Get(Pids),
            pool.Get(Docker), pool.Get(Image), Environment(pool), pool.Get(SshKey), pool.Get(KnownHosts), pool.Get(Gpus))
        {
            RefreshDoor = pool.Get(RefreshDoor),
        };
    }

    private static string NameOf(Settings pool) => pool.Get(Name) ?? "default";

    private static Settings GitHubOf(Settings pool, Settings? fleet) =>
        pool.Has(GitHub) ? pool.Get(GitHub).Over(fleet) : fleet ?? new Settings(pool.At.Below(GitHub.Name, pool.At.Node));

    private static ImmutableSortedDictionary<string, string> Environment(Settings pool) => pool.Layers.Reverse().Aggregate(
        ImmutableSortedDictionary<string, string>.Empty.WithComparers(StringComparer.Ordinal),
        (all, layer) => all.SetItems(layer.Get(Env)));

    private static void CheckFits(Settings pool, Settings vm)
    {
        if (pool.Maybe(Memory) is { } memory && memory > vm.Get(VmSection.Memory))
            pool.PlaceOf(Memory).Say($"should be at most the VM's {vm.Get(VmSection.Memory)}M, is {memory}M");
        if (pool.Maybe(Cpus) is { } cpus && cpus > vm.Get(VmSection.Cores))
            pool.PlaceOf(Cpus).Say(string.Create(
                CultureInfo.InvariantCulture, $"should be at most the VM's {vm.Get(VmSection.Cores)} cores, is {cpus}"));
    }

    private static bool Distinct(ImmutableArray<string> labels, Place at, out ImmutableArray<string> distinct)
    {
        distinct = labels;
        var twice = labels
            .GroupBy(label => label, StringComparer.OrdinalIgnoreCase)
            .Where(group => group.Count() > 1)
            .Select(group => group.Key)
            .ToList();
        if (twice.Count > 0)
            at.Say($"should have each label once; twice there are {string.Join(", ", twice)} (case makes no difference)");
        return twice.Count == 0;
    }
}
