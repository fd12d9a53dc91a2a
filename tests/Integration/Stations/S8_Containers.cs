using Integration.Containers;
using Integration.Running;

namespace Integration.Stations;

/// <summary>Without the lab's Proxmox: a machine of nobody's, and the runner image on an engine of nobody's.</summary>
[Collection("fleet")]
public sealed class S8_Containers(LabFixture lab)
{
    private const string Label = "by-hand";
    private const string Marks = "/mark $HOME/mark /tmp/mark /var/tmp/mark $GITHUB_WORKSPACE/mark";

    [Fact]
    public async Task A_plain_machine_is_set_up_and_then_needs_nothing()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var image = (await LocalProgram.RunAsync("docker", "inspect", "--format", "{{.Config.Image}}", "rbit-lab-250")).Output.Trim();
        await using var host = await PlainHost.StartAsync(
            image, await File.ReadAllTextAsync(lab.FileOf("lab/id_ed25519.pub"), TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
        // What a machine that went down while it installed something has left of that.
        await host.RunAsync("dpkg-query --status tar >/var/lib/dpkg/updates/0001");
        var fleet = lab.Write("plain.yml", FleetText.Plain(host.Port, host.HostKey));

        var first = await BootstrapAsync(fleet);
        var second = await BootstrapAsync(fleet, "--dry-run");

        first.ExitCode.ShouldBe(0, first.Output);
        second.ExitCode.ShouldBe(0, second.Output);
        second.Output.Split("nothing to do").Length.ShouldBe(3, second.Output);
        (await host.RunAsync("docker info --format '{{.LiveRestoreEnabled}}'; id -un 1100; stat -c %U /opt/github-runners/work")).ShouldBe("true\ngithub-runner\ngithub-runner\n");
    }

    [Fact]
    public async Task Two_runners_in_a_row_take_one_job_each_and_see_nothing_of_each_other()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var built = (await lab.OnHostAsync("east", "docker image ls --format '{{.Repository}}:{{.Tag}}' runnerbuild/runner | head -n1")).Trim();
        // Under a name of the lab's, which goes with it.
        const string Image = $"{LabFixture.Name}/runner";
        var brought = await LocalProgram.RunAsync(
            "bash", "-o", "pipefail", "-c", $"docker exec {LabFixture.Name}-251 docker save {built} | docker load && docker tag {built} {Image} && docker image rm {built}");
        brought.ExitCode.ShouldBe(0, brought.Output);

        await RunAsync(Image, "by-hand-1", $"for place in {Marks}; do sudo touch $place; done; sleep 1000 & disown");
        await RunAsync(Image, "by-hand-2", $"for place in {Marks}; do sudo test ! -e $place; done; ! pgrep sleep");
    }

    [Fact]
    public async Task An_image_that_is_built_anew_has_the_security_updates_that_its_base_lacks()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        await using var container = (await LocalEngine.NewAsync($"{LabFixture.Name}/debian:trixie")).WithEntrypoint("sleep", "infinity")
            .WithResourceMapping(new DirectoryInfo(Path.Combine(Repository.Root, "runner-image", "build")), "/tmp/build")
            .WithResourceMapping(new DirectoryInfo(Path.Combine(Repository.Root, "runner-image", "tools")), "/tmp/build/tools")
            .WithResourceMapping(new FileInfo(Path.Combine(Repository.Root, "src", "RunnerBuild", "Facts", "security-updates.sh")), "/tmp")
            .Build();
        await container.StartAsync(TestContext.Current.CancellationToken);
        // A package that the base image has, and a suite that has a newer one.
        var lacking = await InAsync(container, """
            cd "$(mktemp -d)"
            for version in 1.0 2.0; do
              mkdir -p $version/DEBIAN suite
              printf 'Package: runnerbuild-probe\nVersion: %s\nArchitecture: all\nMaintainer: nobody <nobody@example.org>\nDescription: probe\n' $version >$version/DEBIAN/control
              dpkg-deb --build $version suite/$version.deb >/dev/null
            done
            dpkg --install suite/1.0.deb >/dev/null
            { cat 2.0/DEBIAN/control; printf 'Filename: ./2.0.deb\nSize: %s\nSHA256: %s\n' "$(stat -c %s suite/2.0.deb)" "$(sha256sum suite/2.0.deb | cut -d' ' -f1)"; } >suite/Packages
            mv suite /srv/probe-security
            echo 'deb [trusted=yes] file:/srv/probe-security ./' >/etc/apt/sources.list.d/probe.list
            bash /tmp/security-updates.sh 2>/dev/null
            """);
        var left = await InAsync(container, "TOOLS= bash /tmp/build/packages.sh >/dev/null; bash /tmp/security-updates.sh");

        lacking.ShouldContain("runnerbuild-probe=2.0");
        left.ShouldBeEmpty();
    }

    private static async Task<string> InAsync(DotNet.Testcontainers.Containers.IContainer container, string script)
    {
        var result = await container.ExecAsync(["bash", "-euc", script], TestContext.Current.CancellationToken);
        result.ExitCode.ShouldBe(0, result.Stderr);
        return result.Stdout;
    }

    /// <summary>One job on one new container, which ends with it.</summary>
    private async Task RunAsync(string image, string name, string script)
    {
        await using var container = await RunnerContainer.StartAsync(lab, image, name, Label);

        var job = await lab.Lab.RunAsync(script, Label);

        job.Conclusion.ShouldBe("success", job.Log);
        job.RunnerName.ShouldBe(name);
        // It waits for the end.
        (await container.GetExitCodeAsync(TestContext.Current.CancellationToken)).ShouldBe(0);
        (await lab.Lab.RunnersAsync()).ShouldNotContain(runner => runner.Name == name);
    }

    private static async Task<Ended> BootstrapAsync(string fleet, params string[] options)
    {
        using var run = BuildProcess.Start(LabFixture.Root, ["BootstrapHost", "--fleet", fleet, .. options]);
        return await run.EndAsync(TestContext.Current.CancellationToken);
    }
}
