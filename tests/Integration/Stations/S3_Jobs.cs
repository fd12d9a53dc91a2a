using Integration.Running;

namespace Integration.Stations;

/// <summary>What jobs can do, and what they leave.</summary>
[Collection("fleet")]
public sealed class S3_Jobs(LabFixture lab)
{
    [Fact]
    public async Task A_job_builds_and_runs_an_image_and_plays_a_playbook()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        var job = await lab.Lab.RunAsync(
            """
            set -eux
            mkdir image && cd image
            cp /usr/bin/tini-static program
            printf 'FROM scratch\nCOPY program /program\nENTRYPOINT ["/program"]\n' >Dockerfile
            docker build --tag made-here .
            docker run --rm made-here --version | grep '^tini version'
            printf '%s\n' '- hosts: localhost' '  gather_facts: false' '  tasks:' \
              '    - copy: { content: "played", dest: "{{ lookup(\"env\", \"PWD\") }}/played" }' >play.yml
            ansible-playbook --inventory localhost, --connection local play.yml
            grep -qx played played
            """,
            "docker");

        job.Conclusion.ShouldBe("success", job.Log);
    }

    [Fact]
    public async Task A_job_pulls_an_image_through_its_hosts_mirror_which_keeps_it()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        // Docker Hub itself cannot be reached from a lab's machine, and its mirror asks the lab's registry instead.
        var job = await lab.Lab.RunAsync("docker pull debian:trixie && docker run --rm debian:trixie true && hostname", "docker");

        job.Conclusion.ShouldBe("success", job.Log);
        var host = job.RunnerName!.Split('-')[0];
        (await lab.OnHostAsync(host, "ls /var/lib/github-runners-mirror/docker/registry/v2/repositories/library")).Trim().ShouldBe("debian");
        (await lab.OnHostAsync(host, "ss -Hltn 'sport = :5050' | awk '{ print $4 }'")).Trim().ShouldBe("172.17.0.1:5050");
    }

    [Fact]
    public async Task B_a_job_sees_nothing_of_the_one_before_it_on_the_same_slot()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");
        const string Places = "/mark $HOME/mark /tmp/mark /var/tmp/mark $GITHUB_WORKSPACE/mark $RUNNER_TOOL_CACHE/mark /usr/local/bin/mark";

        var first = await lab.Lab.RunAsync($"for place in {Places}; do sudo touch $place; done; ls /mark; hostname", "plain-west");
        var second = await lab.Lab.RunAsync($"for place in {Places}; do sudo test ! -e $place; done; hostname", "plain-west");

        first.Conclusion.ShouldBe("success", first.Log);
        second.Conclusion.ShouldBe("success", second.Log);
        second.RunnerName.ShouldNotBe(first.RunnerName);
        first.RunnerName.ShouldStartWith("west-");
        second.RunnerName.ShouldStartWith("west-");
    }

    [Fact]
    public async Task C_a_job_without_docker_has_none()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        var job = await lab.Lab.RunAsync("if docker info; then exit 1; fi; test ! -S /var/run/docker.sock", "plain-east");

        job.Conclusion.ShouldBe("success", job.Log);
    }

    [Fact]
    public async Task D_a_job_that_fails_is_reported_as_failed()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        var job = await lab.Lab.RunAsync("echo on purpose; exit 7", "plain");

        job.Conclusion.ShouldBe("failure");
        job.Log.ShouldContain("on purpose");
    }

    [Fact]
    public async Task E_nothing_of_the_jobs_is_left_on_the_hosts()
    {
        Assert.SkipUnless(lab.Converged, "the first run failed");

        await lab.SettleAsync();
        (await lab.Lab.RunnersAsync()).Count(runner => runner.Online).ShouldBe(FleetText.Slots);
        (await lab.Lab.RunnersAsync()).Count.ShouldBe(FleetText.Slots);
        (await LeftAsync("west")).ShouldBe("containers: github-runner-1 github-runner-2 github-runner-3\nvolumes not in use: 0\nnetworks: bridge host none");
        (await LeftAsync("east")).ShouldBe("containers: github-runner-1 github-runner-2 github-runner-3 github-runner-4\nvolumes not in use: 0\nnetworks: bridge host none");
    }

    private async Task<string> LeftAsync(string host) => (await lab.OnHostAsync(
        host,
        """
        echo containers: $(docker ps --all --format '{{.Names}}' | sort)
        echo volumes not in use: $(docker volume ls --quiet --filter dangling=true | wc -l)
        echo networks: $(docker network ls --format '{{.Name}}' | sort)
        """)).Trim();
}
