using Supervisor.Cgroups;
using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.Evidence;
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
        var groups = new JobGroups(new EngineInventory(docker), new EventLog(TextWriter.Null));
        var runner = $"rbsv-{Guid.NewGuid():N}"[..20];
        await groups.OpenAsync($"{runner}-1-vanished", Pool(300 * Mebibyte), TestContext.Current.CancellationToken);
        runner += "-1-new";
        var parent = await groups.OpenAsync(runner, Pool(300 * Mebibyte), TestContext.Current.CancellationToken);
        parent.ShouldNotBeNull();
        string[] burn = ["run", "--rm", "--cgroup-parent", parent, "--entrypoint", "/bin/busybox", RunnerImage.Name, "dd", "if=/dev/zero", "of=/dev/null", "count=1"];

        (await TryAsync("docker", [.. burn, "bs=400M"])).Code.ShouldNotBe(0);
        await DockerAsync([.. burn, "bs=100M"]);

        var usage = await groups.CloseAsync(parent);
        usage.ShouldNotBeNull();
        usage.PeakMemoryBytes!.Value.ShouldBeInRange(250 * Mebibyte, 300 * Mebibyte);
        usage.CpuSeconds!.Value.ShouldBeGreaterThan(0.01);
        Directory.EnumerateDirectories("/sys/fs/cgroup", $"{runner[..10]}*", new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }).ShouldBeEmpty();
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

        CgroupFolders.Open(root, "one", new GroupLimits(1.5, 512 * Mebibyte, 100)).ShouldBe("/github-runners/one");
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
    public void A_slice_has_no_hyphen_but_the_one_that_means_below() =>
        SystemdSlice.PathOf(SystemdSlice.NameOf("vm-1-3-abc")).ShouldBe("/githubrunners.slice/githubrunners-vm_1_3_abc.slice");

    private static PoolSettings Pool(long memory) => new()
    {
        Name = "default", Api = "https://api.github.com", Scope = "orgs/acme", Credential = "github-1", Labels = ["linux"], Image = "runner:1",
        Docker = "none", MemoryBytes = memory, Pids = 128, Cpus = 1, Slots = [],
    };
}
