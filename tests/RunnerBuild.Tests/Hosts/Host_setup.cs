using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Tests.Hosts;

public class Host_setup
{
    private static HostFacts Ready { get; } = Converged(Samples.BareMachine);

    [Fact]
    public void A_bare_machine_gets_everything_in_an_order_that_works()
    {
        var changes = HostPlan.Diff(HostBaseline.Of(Samples.Host, Samples.BareMachine), Samples.BareMachine, Samples.Nonce);
        var order = changes.Select(change => change.Resource).ToList();
        order.IndexOf("file/etc/docker/daemon.json").ShouldBeLessThan(order.IndexOf("packages"));
        order.IndexOf("packages").ShouldBeLessThan(order.IndexOf("unit/docker.service"));
        order.IndexOf("user/github-runner").ShouldBeLessThan(order.IndexOf("directory/opt/github-runners/work"));
        changes.ShouldAllBe(change => change.Refusal == null && change.Steps.Length > 0);
    }

    [Fact]
    public void A_machine_that_has_everything_needs_nothing() =>
        HostPlan.Diff(HostBaseline.Of(Samples.Host, Ready), Ready, Samples.Nonce).ShouldBeEmpty();

    [Fact]
    public void A_changed_file_is_written_again_and_what_reads_it_restarted()
    {
        var drifted = Ready.WithFile(HostPaths.Daemon, Ready.Files[HostPaths.Daemon] with { Hash = "other" });
        HostPlan.Diff(HostBaseline.Of(Samples.Host, drifted), drifted, Samples.Nonce).Select(change => (change.Resource, change.Field)).ShouldBe(
        [
            ("file/etc/docker/daemon.json", "content"),
            ("unit/docker.service", "state"),
        ]);
    }

    [Fact]
    public void A_restart_that_an_earlier_run_did_not_get_to_is_still_made()
    {
        var newer = Ready.Units["docker.service"].ActiveSince + 60;
        var interrupted = Ready.WithFile(HostPaths.Daemon, Ready.Files[HostPaths.Daemon] with { Modified = newer });
        HostPlan.Diff(HostBaseline.Of(Samples.Host, interrupted), interrupted, Samples.Nonce).Single().Resource.ShouldBe("unit/docker.service");
    }

    [Fact]
    public void What_systemd_read_before_it_changed_is_read_again()
    {
        var upgrades = Ready.Units["apt-daily-upgrade.service"];
        var interrupted = Ready with { Units = Ready.Units.SetItem("apt-daily-upgrade.service", upgrades with { NeedsDaemonReload = true }) };
        var change = HostPlan.Diff(HostBaseline.Of(Samples.Host, interrupted), interrupted, Samples.Nonce).Single();
        change.Resource.ShouldBe("unit/apt-daily-upgrade.service");
        change.Steps.OfType<RunScript>().Single().Script.ShouldBe("systemctl daemon-reload");

        const string DropIn = "/etc/systemd/system/apt-daily-upgrade.service.d/github-runners.conf";
        var other = Ready.WithFile(DropIn, Ready.Files[DropIn] with { Hash = "other" });
        HostPlan.Diff(HostBaseline.Of(Samples.Host, other), other, Samples.Nonce).Select(change => change.Field).ShouldBe(["content", "definition"]);
    }

    [Fact]
    public void Upgrades_that_somebody_masked_stay_so()
    {
        var masked = Ready with { Units = Ready.Units.SetItem("apt-daily-upgrade.service", new UnitFact("inactive", "masked", false, 0)) };
        HostPlan.Diff(HostBaseline.Of(Samples.Host, masked), masked, Samples.Nonce).ShouldBeEmpty();
    }

    [Theory]
    [InlineData("0644", "root:root", "0600", "root:root")]
    [InlineData("0644", "root:root", "0644", "debian:debian")]
    public void Wrong_rights_of_a_file_are_set_without_writing_it(string mode, string owner, string haveMode, string haveOwner)
    {
        var wanted = new HostFile("/f", new Remote.FileContent.Plain("x"), mode, owner);
        var have = new FileFact(FileKind.File, haveMode, haveOwner, wanted.Content.HashWith(Samples.Nonce), 0);
        FilePlan.Diff(wanted, have, Samples.Nonce).Single().Field.ShouldBe("rights");
    }

    [Fact]
    public void The_account_must_not_be_in_the_group_that_makes_it_root()
    {
        var account = Ready.Accounts[HostBaseline.Account];
        var inGroup = Ready with { Accounts = Ready.Accounts.SetItem(HostBaseline.Account, account with { Groups = account.Groups.Add("docker") }) };
        HostPlan.Diff(HostBaseline.Of(Samples.Host, inGroup), inGroup, Samples.Nonce).Single().Field.ShouldBe("groups");
    }

    [Fact]
    public void An_account_of_another_number_is_not_touched()
    {
        var foreign = Ready with { Accounts = Ready.Accounts.SetItem(HostBaseline.Account, new Account(1500, 1500, "/", [])) };
        HostPlan.Diff(HostBaseline.Of(Samples.Host, foreign), foreign, Samples.Nonce).Single().Refusal.ShouldNotBeNull();
    }

    [Theory]
    [InlineData("debian", "13", "docker.io docker-cli docker-compose docker-buildx iptables")]
    [InlineData("debian", "12", "docker.io iptables")]
    [InlineData("ubuntu", "24.04", "docker.io docker-compose-v2 docker-buildx iptables")]
    public void The_engine_has_other_names_on_other_systems(string id, string version, string packages) =>
        string.Join(' ', EnginePackages.Of(EngineSource.Distribution, new(id, version, ""))).ShouldBe(packages);

    [Fact]
    public void An_engine_of_another_source_is_not_replaced()
    {
        var docker = Samples.BareMachine with { Packages = Samples.BareMachine.Packages.Add("docker-ce", "27") };
        HostRequirements.Diff(Samples.Host, docker, installs: true).Single().Field.ShouldBe("engine");
    }

    [Fact]
    public void Docker_packages_that_are_there_need_no_source()
    {
        var host = Samples.Host with { Engine = Samples.Engine with { Source = EngineSource.Docker } };
        HostBaseline.Of(host, Samples.BareMachine).OfType<AptSource>().ShouldHaveSingleItem();
        HostBaseline.Of(host, Samples.BareMachine.With([new Packages(EnginePackages.Of(EngineSource.Docker, Samples.BareMachine.System))])).OfType<AptSource>().ShouldBeEmpty();
    }

    [Fact]
    public void A_second_file_for_Dockers_repository_is_refused_by_name()
    {
        var host = Samples.Host with { Engine = Samples.Engine with { Source = EngineSource.Docker } };
        var facts = Samples.BareMachine with { DockerSources = ["/etc/apt/sources.list.d/docker.list", "/etc/apt/sources.list.d/docker.sources"] };
        var refused = HostPlan.Diff(HostBaseline.Of(host, facts), facts, Samples.Nonce).Single(change => change.Refusal is not null);
        refused.From.ShouldBe("/etc/apt/sources.list.d/docker.list");
    }

    [Theory]
    [InlineData("active")]
    [InlineData("locked")]
    public void A_node_of_a_swarm_is_refused_before_anything_is_written(string state) =>
        HostRequirements.Diff(Samples.Host, Samples.BareMachine with { Engine = new EngineFact("27", "1.47", Swarm: state) }, installs: false).Single().Refusal!.ShouldContain("docker swarm leave");

    [Fact]
    public void Docker_as_a_snap_is_refused_before_anything_is_written() =>
        HostRequirements.Diff(Samples.Host, Samples.BareMachine with { SnapDocker = true }, installs: false).Single().Refusal!.ShouldContain("snap remove docker");

    [Fact]
    public void A_plan_shows_which_lines_of_a_text_differ()
    {
        var wanted = new HostFile("/f", new Remote.FileContent.Plain("a\nb\nc\n"));
        FilePlan.Diff(wanted, new FileFact(FileKind.File, "0644", "root:root", "", 0, "a\nx\nc\nd\n"), Samples.Nonce).Single().Lines.ShouldBe(["- x", "+ b", "- d"]);
        FilePlan.Diff(wanted with { Content = new Remote.FileContent.Hidden(new Secret("hidden-secret")) }, new FileFact(FileKind.File, "0644", "root:root", "", 0, "a"), Samples.Nonce)
            .Single().Lines.ShouldBeEmpty();
        TextDiff.Of("""{ "proxies": { "http-proxy": "http://ada:hunter2@proxy:3128" } }""", "{}").ShouldAllBe(line => !line.Contains("hunter2"));
        TextDiff.Of("", string.Join('\n', Enumerable.Range(0, 30))).ShouldSatisfyAllConditions(lines => lines.Length.ShouldBe(10), lines => lines[^1].ShouldBe("… and 22 more lines"));
    }

    [Fact]
    public void A_full_disk_an_unknown_system_and_a_strange_processor_are_refused_before_anything_is_changed() =>
        HostRequirements.Diff(
                Samples.Host,
                Samples.BareMachine with { System = new("alpine", "3", ""), Architecture = "riscv64", Disk = new(10L << 30, 1L << 30) }, installs: true)
            .Select(change => change.Field).ShouldBe(["system", "architecture", "disk"]);

    [Fact]
    public void Upgrades_spare_a_running_job() =>
        HostBaseline.Of(Samples.Host, Samples.BareMachine).OfType<HostFile>().Select(file => file.Path)
            .ShouldContain("/etc/systemd/system/apt-daily-upgrade.service.d/github-runners.conf");

    internal static HostFacts Converged(HostFacts facts) => facts.With(HostBaseline.Of(Samples.Host, facts));
}
