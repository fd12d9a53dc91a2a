using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.Jobs;

namespace Supervisor.Tests.Docker;

public sealed class ContainerSpecTests
{
    private static CreateContainer Spec(string docker)
    {
        var plain = Plain(docker);
        JobEngine mode = docker == "dind" ? new OwnEngine() : new NoEngine();
        return mode.PrepareAsync(new JobPlace("github-runner-1", "runner-1", "/parent"), plain, CancellationToken.None).GetAwaiter().GetResult();
    }

    private static CreateContainer Plain(string docker, string? archives = null) => ContainerSpec.Of(new MintOrder("host", "github-runner-1", 1, new PoolSettings
    {
        Name = "default", Api = "https://api.github.com", Scope = "orgs/acme", Credential = "github-1", Labels = ["linux"], Image = "runner:1",
        Docker = docker, Cpus = 1.5, MemoryBytes = 1 << 30, Pids = 512, Gpus = "all", Slots = ["github-runner-1"], ActionArchives = archives,
    }, "hash", ["linux"]), "runner-1", 7, "/parent", new ComposeMarks("/opt/github-runners/docker-compose.yml", "compose-hash"));

    [Fact]
    public void Limits_hold_and_nothing_restarts()
    {
        var config = Spec("none").HostConfig;
        config.NanoCpus.ShouldBe(1_500_000_000);
        config.Memory.ShouldBe(1 << 30);
        config.MemorySwap.ShouldBe(1 << 30);
        config.PidsLimit.ShouldBe(512);
        config.CgroupParent.ShouldBe("/parent");
        config.RestartPolicy.Name.ShouldBe("no");
        config.DeviceRequests!.Single().Count.ShouldBe(-1);
    }

    [Fact]
    public void Only_a_job_with_an_engine_of_its_own_gets_more_than_the_defaults()
    {
        Spec("none").HostConfig.CapAdd.ShouldBeNull();
        Spec("none").HostConfig.SecurityOpt.ShouldBeNull();
        Spec("dind").HostConfig.CapAdd.ShouldBe(["SYS_ADMIN", "NET_ADMIN", "SYS_PTRACE"]);
        Spec("none").HostConfig.CgroupnsMode.ShouldBe("private");
        Spec("dind").Volumes!.Keys.ShouldBe(["/var/lib/docker"]);
    }

    [Fact]
    public void Archives_of_actions_can_be_read_and_not_written()
    {
        var plain = Plain("none", "/var/lib/actions");
        plain.HostConfig.Binds.ShouldBe(["/var/lib/actions:/opt/action-archives:ro"]);
        plain.Env.ShouldContain("ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE=/opt/action-archives");
        Plain("none").HostConfig.Binds.ShouldBeNull();
        Plain("none").Env.ShouldNotContain(variable => variable.StartsWith("ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE", StringComparison.Ordinal));
    }
}
