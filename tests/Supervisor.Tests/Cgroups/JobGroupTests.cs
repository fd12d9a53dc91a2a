using Supervisor.Cgroups;
using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.Evidence;
using Supervisor.Slots;
using Supervisor.Systemd;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Cgroups;

[Collection(nameof(WithDocker))]
public sealed class JobGroupTests
{
    private const long Mebibyte = 1 << 20;

    [Fact]
    public async Task A_group_limits_all_below_it_and_tells_what_they_used_when_they_are_gone()
    {
        using var docker = new DockerConnection(DockerConnection.SocketFromEnvironment());
        var host = $"rbsv-{Guid.NewGuid():N}"[..20];
        string Runner() => RunnerName.New(host, 1, DateTimeOffset.UtcNow);
        JobGroups Groups() => new(new EngineInventory(docker), host, new SystemdSlices(), new EventLog(TextWriter.Null));
        async Task<string?> OpenAsync(JobGroups groups, string runner, params string[] alive) =>
            await groups.OpenAsync(runner, Pool(300 * Mebibyte), alive.ToHashSet(), TestContext.Current.CancellationToken);

        var (vanished, alive, runner) = (Runner(), Runner(), Runner());
        var earlier = Groups();
        await OpenAsync(earlier, vanished);
        var older = await OpenAsync(earlier, alive);
        // As after a restart, which remembers no group, and with another slot that is about to have its container.
        var groups = Groups();
        var other = await OpenAsync(groups, Runner(), alive);
        var parent = await OpenAsync(groups, runner, alive);
        GroupsOf(host).ShouldBe([older!, other!, parent!], ignoreOrder: true);
        parent.ShouldNotBeNull();
        string[] burn = ["run", "--rm", "--cgroup-parent", parent, "--entrypoint", "/bin/busybox", RunnerImage.Name, "dd", "if=/dev/zero", "of=/dev/null", "count=1"];

        (await TryAsync("docker", [.. burn, "bs=400M"])).Code.ShouldNotBe(0);
        await DockerAsync([.. burn, "bs=100M"]);

        var usage = await groups.CloseAsync(parent);
        usage.ShouldNotBeNull();
        usage.PeakMemoryBytes!.Value.ShouldBeInRange(250 * Mebibyte, 300 * Mebibyte);
        usage.CpuSeconds!.Value.ShouldBeGreaterThan(0.01);
        await groups.CloseAsync(older);
        await groups.CloseAsync(other);
        GroupsOf(host).ShouldBeEmpty();
        (await groups.CloseAsync(parent)).ShouldBeNull();
    }

    [Fact]
    public void Unified_groups_are_read_and_made_by_their_own_names()
    {
        var root = Directory.CreateTempSubdirectory("rbsv-cgroup").FullName;
        File.WriteAllText($"{root}/cgroup.controllers", "cpuset cpu io memory pids\n");
        Directory.CreateDirectory($"{root}/github-runners");
        File.WriteAllText($"{root}/github-runners/cgroup.controllers", "cpu memory pids\n");
        var group = $"{root}/github-runners/one";
        Directory.CreateDirectory(group);
        foreach (var file in (string[])["memory.max", "memory.swap.max", "pids.max", "cpu.max"])
            File.WriteAllText($"{group}/{file}", "max");

        CgroupFolders.Open(root, CgroupFolders.NameOf("one"), new GroupLimits(1.5, 512 * Mebibyte, 100));
        (File.ReadAllText($"{group}/memory.max"), File.ReadAllText($"{group}/memory.swap.max"), File.ReadAllText($"{group}/pids.max"), File.ReadAllText($"{group}/cpu.max"))
            .ShouldBe(("536870912", "0", "100", "150000 100000"));

        File.WriteAllText($"{group}/memory.peak", "1234\n");
        File.WriteAllText($"{group}/pids.peak", "7\n");
        File.WriteAllText($"{group}/cpu.stat", "usage_usec 2500000\nuser_usec 1\n");
        File.WriteAllText($"{group}/io.stat", "8:0 rbytes=100 wbytes=20 rios=1\n8:16 rbytes=1 wbytes=2\n");
        GroupUsage.Read(CgroupFolders.Of(root, "/github-runners/one")).ShouldBe(new JobUsage(1234, 7, 2.5, 101, 22));
        Directory.Delete(root, recursive: true);
    }

    [Fact]
    public void A_group_without_a_controller_is_limited_by_those_it_has()
    {
        var root = Directory.CreateTempSubdirectory("rbsv-cgroup").FullName;
        File.WriteAllText($"{root}/cgroup.controllers", "memory pids\n");
        Directory.CreateDirectory($"{root}/one");
        File.WriteAllText($"{root}/one/memory.max", "max");

        CgroupFolders.Limit(root, "/one", new GroupLimits(1.5, 512 * Mebibyte, 100));
        File.ReadAllText($"{root}/one/memory.max").ShouldBe("536870912");
        File.Exists($"{root}/one/cpu.max").ShouldBeFalse();
        Directory.Delete(root, recursive: true);
    }

    private static IEnumerable<string> GroupsOf(string host) =>
        Directory.EnumerateDirectories("/sys/fs/cgroup", $"{host}-*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 })
            .Select(folder => CgroupFolders.NameOf(Path.GetFileName(folder))).Distinct();

    private static PoolSettings Pool(long memory) => new()
    {
        Name = "default", Api = "https://api.github.com", Scope = "orgs/acme", Credential = "github-1", Labels = ["linux"], Image = "runner:1",
        Docker = "none", MemoryBytes = memory, Pids = 128, Cpus = 1, Slots = [],
    };
}
