using RunnerBuild.Facts;
using RunnerBuild.Remote;
using RunnerBuild.Verifying;

namespace RunnerBuild.Tests.Hosts;

public class Facts_of_a_host
{
    private const string Answer = """
        clock	1700000003.500
        system	debian	13	trixie
        architecture	amd64
        disk	1000	250
        virtualization	kvm
        uuid	aa-bb
        mtu	1450
        cloudinit	done
        package	docker.io	26.1	installed
        package	chrony	4.0	config-files
        account	github-runner	1100	1100	/opt	github-runner docker
        file	/etc/a	0644	root:root	1700000001.250	abc
        directory	/etc/d	0755	root:root
        link	/bin/x	y
        text	/etc/a	e30K
        unit	docker.service	active	enabled	no	1700000002.000
        dockersource	/etc/apt/sources.list.d/docker.list
        pulled	own:1
        engine	26.1	1.45
        liverestore	true	active
        buildkit	yes
        image	runnerbuild/runner:abc	abc
        image	runnerbuild/runner:def	abc
        image	somebody/else:abc	
        container	github-runner-1	runnerbuild/runner:abc	running	r-1	gh-1	github.com-orgs-acme
        stored	/etc/github-runners/credentials/github.com-orgs-acme
        earlierunit	yes
        earlierpath	/opt/github-runners/.env
        earlierrunner	github-runner-2	running	busy	seed-2	77	https://github.com/acme
        supervisor	{"version":1,"build":"b","configuration":"c","slots":[{"name":"github-runner-1","pool":"p","state":"Busy","labels":["x"],"image":"i","since":"2026-01-01T00:00:00Z"}]}
        """;

    private static HostFacts Facts { get; } = HostFactsReader.Parse(Answer, DateTimeOffset.FromUnixTimeSeconds(1700000000));

    [Fact]
    public void One_answer_tells_all()
    {
        Facts.System.Codename.ShouldBe("trixie");
        Facts.ClockOffset.ShouldBe(TimeSpan.FromSeconds(3.5));
        Facts.Disk.UsedPercent.ShouldBe(75);
        Facts.Mtu.ShouldBe(1450);
        Facts.Files["/etc/a"].ShouldBe(new FileFact(FileKind.File, "0644", "root:root", "abc", 1700000001.25, "{}\n"));
        Facts.Files["/bin/x"].Hash.ShouldBe("y");
        Facts.Accounts["github-runner"].Groups.ShouldContain("docker");
        Facts.Engine.ShouldBe(new EngineFact("26.1", "1.45", LiveRestore: true, Swarm: "active", BuildKit: true));
        // What has another's label under its name is not that image.
        Facts.Images.ShouldBe(["runnerbuild/runner:abc"]);
        Facts.Supervisor!.Slots.Single().Serving.ShouldBeTrue();
        Facts.Containers.ShouldHaveSingleItem().Credential.ShouldBe("github.com-orgs-acme");
        Facts.Stored.ShouldHaveSingleItem();
        Facts.DockerSources.ShouldBe(["/etc/apt/sources.list.d/docker.list"]);
        Facts.Pulled.ShouldBe(["own:1"]);
        Facts.Earlier.Unit.ShouldBeTrue();
        Facts.Earlier.Paths.ShouldBe(["/opt/github-runners/.env"]);
        Facts.Earlier.Runners.ShouldBe([new EarlierRunner("github-runner-2", true, true, "seed-2", 77, "https://github.com/acme")]);
    }

    [Fact]
    public void A_package_that_was_removed_is_not_there() => Facts.Packages.Keys.ShouldBe(["docker.io"]);

    [Fact]
    public void A_units_start_is_told_in_the_clock_that_files_have() => Facts.Units["docker.service"].ActiveSince.ShouldBe(1700000002);

    [Fact]
    public async Task The_script_itself_answers_for_files_that_are_there_and_not()
    {
        var folder = Directory.CreateTempSubdirectory();
        var file = Path.Combine(folder.FullName, "a file");
        await File.WriteAllTextAsync(file, "content", TestContext.Current.CancellationToken);
        var script = Path.Combine(folder.FullName, "facts.sh");
        await File.WriteAllTextAsync(script, EmbeddedText.Read("host-facts.sh"), TestContext.Current.CancellationToken);
        var questions = new Questions(new HashSet<string> { file, folder.FullName, $"{file}.not" }, new HashSet<string>(), new HashSet<string> { "bash" }, new HashSet<string> { "root" }) { Texts = new HashSet<string> { file } };

        var (_, output) = await LocalProcess.RunAsync("bash", [script, "salt", .. questions.AsArguments()], "/", null, TestContext.Current.CancellationToken);
        var facts = HostFactsReader.Parse(output, DateTimeOffset.UtcNow);

        facts.Files[file].Hash.ShouldBe(new FileContent.Plain("content").HashWith("salt"));
        facts.Files[file].Text.ShouldBe("content");
        facts.Files[folder.FullName].Kind.ShouldBe(FileKind.Directory);
        facts.Files.ShouldNotContainKey($"{file}.not");
        facts.Accounts["root"].Uid.ShouldBe(0);
        facts.Packages.ShouldContainKey("bash");
        facts.ClockOffset.Duration().ShouldBeLessThan(TimeSpan.FromSeconds(30));
        folder.Delete(recursive: true);
    }

    [Theory]
    [InlineData(89, 0, "Good", "Good")]
    [InlineData(95, 0, "Bad", "Good")]
    [InlineData(50, 60, "Good", "Bad")]
    public void A_full_disk_and_a_wrong_clock_are_seen(int used, int seconds, string disk, string clock)
    {
        var checks = HostChecks.Of("h", Facts with { Disk = new DiskSpace(100, 100 - used), ClockOffset = TimeSpan.FromSeconds(seconds) });
        checks.Single(check => check.Subject == "disk").Verdict.ToString().ShouldBe(disk);
        checks.Single(check => check.Subject == "clock").Verdict.ToString().ShouldBe(clock);
    }
}
