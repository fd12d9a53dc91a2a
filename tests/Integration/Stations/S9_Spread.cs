using System.Text.Json;
using Integration.Running;

namespace Integration.Stations;

/// <summary>
/// Images that are built once and handed on. Most of it with a small image whose payload is random: one that was built twice is two images.
/// </summary>
[Collection("fleet")]
[Trait(FleetLife.Target, FleetLife.EndToEnd)]
public sealed class S9_Spread(LabFixture lab)
{
    private const string Registry = "198.18.88.1:25000/ci/spread";

    [Fact]
    public async Task A_both_hosts_have_the_image_that_one_of_them_built()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var image = await WantedAsync();

        var west = await IdentityAsync("west", image);

        west.ShouldContain("sha256:");
        (await IdentityAsync("east", image)).ShouldBe(west);
    }

    [Fact]
    public async Task B_it_says_what_it_is_made_of_and_its_tools_work_in_it()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var image = await WantedAsync();

        using var labels = JsonDocument.Parse(await lab.OnHostAsync("east", $"docker image inspect --format '{{{{json .Config.Labels}}}}' {image}"));
        using var bill = JsonDocument.Parse(await InAsync("east", image, "cat /usr/local/share/runnerbuild/sbom.cdx.json"));
        var packages = await InAsync("east", image, "dpkg-query --show --showformat '${db:Status-Status} ${Package} ${Version}\\n' | sed -n 's/^installed //p' | sort");
        var checks = await InAsync("east", image, "for check in /usr/local/share/runnerbuild/checks/*; do \"$check\" >&2 && basename \"$check\"; done");

        string LabelOf(string name) => labels.RootElement.GetProperty(name).GetString()!;
        image.ShouldEndWith($":{LabelOf("runnerbuild.recipe")}");
        LabelOf("runnerbuild.tools").ShouldBe("ansible docker");
        LabelOf("org.opencontainers.image.base.digest").ShouldStartWith("sha256:");
        LabelOf("org.opencontainers.image.created").ShouldEndWith("Z");
        JsonDocument.Parse(LabelOf("runnerbuild.lock")).RootElement.GetProperty("runner").GetProperty("version").GetString().ShouldBe(LabelOf("org.opencontainers.image.version"));
        bill.RootElement.GetProperty("bomFormat").GetString().ShouldBe("CycloneDX");
        var components = bill.RootElement.GetProperty("components").EnumerateArray().Select(part => (
            Type: part.GetProperty("type").GetString(), Text: $"{part.GetProperty("name").GetString()} {part.GetProperty("version").GetString()}")).ToList();
        components.Where(part => part.Type == "library").Select(part => part.Text).Order(StringComparer.Ordinal)
            .ShouldBe(packages.Split('\n', StringSplitOptions.RemoveEmptyEntries).Order(StringComparer.Ordinal));
        components.Where(part => part.Type == "application").Select(part => part.Text).ShouldBe([$"runner {LabelOf("org.opencontainers.image.version")}"]);
        checks.ShouldBe("ansible\ndocker\n");
    }

    [Fact]
    public async Task C_one_builds_with_BuildKit_and_the_other_gets_it_without_a_registry()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        var run = await SpreadAsync("c", 20);

        run.Faults.ShouldBeEmpty(run.Output);
        Built(run).ShouldBe(1, run.Output);
        run.Output.ShouldMatch("east.* copied [0-9]+ MB in [0-9]+ s, [0-9]+ MB/s from west");
        var image = ImageIn(run);
        (await IdentityAsync("east", image)).ShouldBe(await IdentityAsync("west", image));
        (await InAsync("east", image, "cat /builder")).ShouldBe("BuildKit\n");
        (await SpreadAsync("c", 20)).Summaries.ShouldBe(["nothing to do"]);
    }

    [Fact]
    public async Task D_without_BuildKit_the_classic_builder_does_it_and_a_host_beyond_the_limit_is_read_and_not_changed()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        const string Plugin = "/usr/libexec/docker/cli-plugins/docker-buildx";
        await lab.OnHostAsync("west", $"for at in /usr/libexec /usr/lib; do p=$at/docker/cli-plugins/docker-buildx; [ ! -e $p ] || mv $p $p.away; done; test ! -e {Plugin}");
        Run west;
        try
        {
            west = await SpreadAsync("d", 20, "west");
        }
        finally
        {
            await lab.OnHostAsync("west", "for at in /usr/libexec /usr/lib; do p=$at/docker/cli-plugins/docker-buildx; [ ! -e $p.away ] || mv $p.away $p; done");
        }

        var before = await HostState.OfAsync(lab, "west");
        var east = await SpreadAsync("d", 20, "east");

        west.Faults.ShouldBeEmpty(west.Output);
        west.Output.ShouldContain("with the classic builder");
        east.Faults.ShouldBeEmpty(east.Output);
        Built(east).ShouldBe(0, east.Output);
        (await InAsync("east", ImageIn(east), "cat /builder")).ShouldBe("classic\n");
        (await IdentityAsync("east", ImageIn(east))).ShouldBe(await IdentityAsync("west", ImageIn(west)));
        (await HostState.OfAsync(lab, "west")).ShouldBe(before);
    }

    [Theory]
    [InlineData("west", "docker image save", "could not hand over")]
    [InlineData("east", "docker image load", "could not take")]
    public async Task E_a_copy_that_is_broken_off_fails_that_host_alone_and_the_next_run_makes_it_whole(string host, string program, string said)
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var name = $"e-{host}";
        var breaking = BreakAsync(host, program);

        var run = await SpreadAsync(name, 300);

        await breaking;
        run.Faults.ShouldHaveSingleItem().What.ShouldContain("1 of 2 hosts failed: east");
        run.Output.ShouldContain(said);
        run.Output.ShouldContain("run BuildCustomImage again");
        var image = ImageIn(run);
        (await lab.OnHostAsync("east", $"docker image ls --quiet {image}")).ShouldBeEmpty();
        var again = await SpreadAsync(name, 300);
        again.Faults.ShouldBeEmpty(again.Output);
        Built(again).ShouldBe(0, again.Output);
        (await IdentityAsync("east", image)).ShouldBe(await IdentityAsync("west", image));
    }

    [Fact]
    public async Task F_when_the_builder_is_lost_the_next_host_takes_its_place()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        // Its connections, in the midst of the build.
        await lab.OnHostAsync("west", "systemd-run --collect bash -c 'until pgrep -f \"docker build --progres[s] plain\"; do sleep 0.1; done; sleep 1; pkill -f \"sshd-sessio[n]|sshd: debia[n]\"'");

        var run = await SpreadAsync("f", 20, slow: 10);

        run.Output.ShouldContain("west, which the image was to come from, was lost");
        run.Faults.ShouldHaveSingleItem().What.ShouldContain("1 of 2 hosts failed: west");
        (await IdentityAsync("east", ImageIn(run))).ShouldContain("sha256:");
        (await SpreadAsync("f", 20, slow: 10)).Faults.ShouldBeEmpty();
    }

    [Fact]
    public async Task G_with_a_registry_one_pushes_and_whoever_comes_later_pulls()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        var first = await SpreadAsync("g", 20, registry: true);
        var image = ImageIn(first);
        var original = await IdentityAsync("west", image);
        foreach (var host in new[] { "west", "east" })
            await lab.OnHostAsync(host, $"docker image rm {image} >/dev/null");
        var later = await SpreadAsync("g", 20, registry: true);

        first.Faults.ShouldBeEmpty(first.Output);
        Built(first).ShouldBe(1, first.Output);
        first.Output.ShouldNotContain("copied ");
        later.Faults.ShouldBeEmpty(later.Output);
        Built(later).ShouldBe(0, later.Output);
        foreach (var host in new[] { "west", "east" })
        {
            (await IdentityAsync(host, image)).ShouldBe(original);
            (await lab.OnHostAsync(host, $"docker image ls --quiet {Registry}")).ShouldBeEmpty();
        }
    }

    [Fact]
    public async Task H_every_set_that_downloads_something_works_and_refuses_what_is_not_the_release()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        using var vendors = await VendorFiles.StartAsync();
        lab.Write("mine.sh", "set_up() {\n    download mine \"\" mine\n    install -m 0755 mine /usr/local/bin/mine\n}");
        lab.Write("mine.check", "#!/bin/sh\nmine");
        string Text(string sha256) => FleetText.With(("image:\n", $$"""
            image:
              builder: west
              tools:
                ansible: false
                python: true
                gh: {{vendors.Pin("2.63.2", "gh.tar.gz")}}
                helm: {{vendors.Pin("3.16.4", "helm.tar.gz")}}
                kubectl: {{vendors.Pin("1.32.1", "kubectl")}}
                node: {{vendors.Pin("22.12.0", "node.tar.xz")}}
                terraform: {{vendors.Pin("1.9.8", "terraform.zip")}}
                own: { mine: { script: mine.sh, version: 1.0.0, sha256: { x64: {{sha256}} }, url: { x64: "{{vendors.Url("mine")}}" } } }

            """));

        var refused = await ImageAsync(Text(new string('0', 64)), "west");
        var run = await ImageAsync(Text(vendors.Digest("mine")), "west");

        refused.Faults.ShouldHaveSingleItem();
        refused.Output.ShouldContain($"has SHA-256 {vendors.Digest("mine")}, but {new string('0', 64)} was asked for");
        run.Faults.ShouldBeEmpty(run.Output);
        var image = ImageIn(run);
        (await InAsync("west", image, "for check in /usr/local/share/runnerbuild/checks/*; do \"$check\" >&2 && basename \"$check\"; done"))
            .ShouldBe("docker\ngh\nhelm\nkubectl\nmine\nnode\npython\nterraform\n");
        (await InAsync("west", image, "! command -v ansible && jq -r '.components[] | select(.type == \"application\") | .name' /usr/local/share/runnerbuild/sbom.cdx.json | sort"))
            .ShouldBe("gh\nhelm\nkubectl\nmine\nnode\nrunner\nterraform\n");
        await lab.OnHostAsync("west", $"docker image rm {image} >/dev/null");
    }

    [Fact]
    public async Task I_a_name_that_something_else_was_given_is_no_image_and_is_built_again()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        var first = await SpreadAsync("c", 20);
        var image = ImageIn(await SpreadAsync("c", 20, "west", fresh: true));
        await lab.OnHostAsync("west", $"docker image tag {await WantedAsync()} {image}");

        var run = await SpreadAsync("c", 20, "west", fresh: true);

        first.Faults.ShouldBeEmpty();
        run.Faults.ShouldBeEmpty(run.Output);
        (await lab.OnHostAsync("west", $"docker image inspect --format '{{{{index .Config.Labels \"runnerbuild.recipe\"}}}}' {image}")).Trim().ShouldBe(image.Split(':')[1]);
        foreach (var host in new[] { "west", "east" })
            await lab.OnHostAsync(host, $"docker image ls --format '{{{{.Repository}}}}:{{{{.Tag}}}}' runnerbuild/runner | grep -v {await WantedAsync()} | xargs --no-run-if-empty docker image rm >/dev/null");
    }

    private static int Built(Run run) => run.Output.Split("building runnerbuild/runner:").Length - 1;

    private static string ImageIn(Run run) => System.Text.RegularExpressions.Regex.Match(run.Output, "runnerbuild/runner:[0-9a-f]{12}").Value;

    /// <summary>The image that the hosts' runners are made from.</summary>
    private async Task<string> WantedAsync() => (await lab.OnHostAsync("west", "docker inspect --format '{{.Config.Image}}' github-runner-1")).Trim();

    private Task<string> IdentityAsync(string host, string image) =>
        lab.OnHostAsync(host, $"docker image inspect --format '{{{{index .Config.Labels \"runnerbuild.recipe\"}}}} {{{{index .Config.Labels \"org.opencontainers.image.created\"}}}} {{{{json .RootFS.Layers}}}}' {image}");

    private Task<string> InAsync(string host, string image, string script) =>
        lab.OnHostAsync(host, $"docker run --rm --user runner --entrypoint bash {image} -c '{script.Replace("'", "'\\''", StringComparison.Ordinal)}'");

    /// <summary>Ends a program on a host once it runs.</summary>
    private Task<string> BreakAsync(string host, string program) => lab.OnHostAsync(
        host, $"for i in $(seq 600); do if pid=$(pgrep -x -f '{program} runnerbuild/runner:.*|{program}'); then sleep 0.3; kill $pid; exit 0; fi; sleep 0.1; done; exit 1");

    private Task<Run> SpreadAsync(string name, int megabytes, string? limit = null, bool registry = false, int slow = 0, bool fresh = false)
    {
        lab.Write($"spread-{name}/Dockerfile", $$"""
            ARG BASE
            FROM ${BASE}
            ENV SPREAD={{name}}
            # BuildKit: --mount=type=cache,target=/cache
            RUN sleep {{slow}}; head -c {{megabytes}}000000 /dev/urandom >/payload; useradd runner; if grep -q ' /cache ' /proc/mounts; then echo BuildKit; else echo classic; fi >/builder
            """);
        return ImageAsync(
            FleetText.With(("image:\n", $"image:\n  context: spread-{name}\n{(registry ? $"  registry: {Registry}\n" : "")}{(fresh ? "  arguments: { X: \"1\" }\n" : "")}")),
            limit is null ? [] : [limit]);
    }

    private Task<Run> ImageAsync(string text, params string[] limit) =>
        lab.RunAsync(text, LabFixture.OptionsOf(false, limit), site => site.ConvergeAsync(site.Image, TestContext.Current.CancellationToken));
}
