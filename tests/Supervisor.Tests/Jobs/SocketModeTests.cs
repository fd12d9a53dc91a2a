using System.Text.Json.Nodes;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Jobs;

/// <summary>Jobs that share the machine's own engine, each through its own socket.</summary>
[Collection(nameof(WithDocker))]
public sealed class SocketModeTests
{
    private static readonly string[] kinds = ["container", "image", "network", "volume"];

    private static RunnerHost Host(int slots = 1)
    {
        var host = new RunnerHost();
        host.Pool["docker"] = "socket";
        host.SetSlots(slots);
        host.WriteSettings();
        return host;
    }

    [Fact]
    public async Task Two_jobs_side_by_side_each_lose_exactly_what_they_made()
    {
        await using var host = Host(2);
        var before = await ThingsAsync();
        host.Start();
        var one = await host.RunJobAsync(1, "one");
        var two = await host.RunJobAsync(2, "two");
        var (mine, other) = (new JobDocker(host, 1), new JobDocker(host, 2));
        await mine.LeaveMarksAsync($"{host.Name}-one");
        await other.LeaveMarksAsync($"{host.Name}-two");
        await mine.RunAsync("tag", RunnerImage.Name, $"{host.Name}-one:alias");

        await host.EndJobAsync(one);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != one.Container);
        (await MarksAsync($"{host.Name}-one")).ShouldBeEmpty();
        (await MarksAsync($"{host.Name}-two")).ShouldBe(MarksOf($"{host.Name}-two"));
        (await TryAsync("docker", "image", "inspect", RunnerImage.Name)).Code.ShouldBe(0);

        await host.EndJobAsync(two);
        await host.UntilAsync(2, status => status.State == "Idle" && status.Container != two.Container);
        await host.StopAsync();
        (await MarksAsync(host.Name)).ShouldBeEmpty();
        // Without a name: what the builder and the containers made on the way. Others use this engine too, but make no such things.
        (await ThingsAsync()).Except(before).Where(thing => thing.Contains("<none>") || thing.Length > 64).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_folder_of_the_job_is_the_same_for_its_containers_and_gone_after_it()
    {
        await using var host = Host();
        host.Start();
        var busy = await host.RunJobAsync(1, "mounts");
        var docker = new JobDocker(host, 1);
        var settings = JsonNode.Parse(await DockerAsync("exec", busy.Container!, "cat", "/home/runner/.runner"))!;
        var work = settings["WorkFolder"]!.GetValue<string>();
        (await DockerAsync("exec", busy.Container!, "stat", "-c", "%u", work)).ShouldBe("1001");
        await DockerAsync("exec", busy.Container!, "sh", "-c", $"echo from-the-job > {work}/file");

        (await docker.RunAsync("run", "--rm", "--volume", $"{work}:/x", "--entrypoint", "cat", RunnerImage.Name, "/x/file")).ShouldBe("from-the-job");
        (await docker.RunAsync("run", "--rm", "--mount", $"type=bind,source={work},target=/x", "--entrypoint", "cat", RunnerImage.Name, "/x/file")).ShouldBe("from-the-job");
        (await docker.RunAsync("run", "--rm", "--volume", "/etc/os-release:/x:ro", "--entrypoint", "cat", RunnerImage.Name, "/x")).ShouldContain("ID=");
        // As the runner mounts them into a container that a job's steps run in; the host has no such folder.
        (await docker.RunAsync("run", "--rm", "--volume", "/home/runner/externals:/__e:ro", "--entrypoint", "ls", RunnerImage.Name, "/__e")).ShouldBe("node");
        foreach (var source in (string[])["/tmp", $"{work}/../../../x"])
        {
            var (code, _, error) = await docker.TryAsync("run", "--rm", "--volume", $"{source}:/x", RunnerImage.Name);
            code.ShouldNotBe(0);
            error.ShouldContain("would stay behind");
        }

        await host.EndJobAsync(busy);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        Directory.Exists(work).ShouldBeFalse();
    }

    [Fact]
    public async Task A_job_sees_and_prunes_only_its_own()
    {
        await using var host = Host(2);
        host.Start();
        await host.RunJobAsync(1, "one");
        await host.RunJobAsync(2, "two");
        var (mine, other) = (new JobDocker(host, 1), new JobDocker(host, 2));
        await mine.LeaveMarksAsync($"{host.Name}-one");
        await other.LeaveMarksAsync($"{host.Name}-two");

        (await mine.RunAsync("ps", "--all", "--format", "{{.Names}}")).ShouldBe($"{host.Name}-one");
        (await mine.RunAsync("ps", "--all", "--filter", "label=none", "--quiet")).ShouldBe("");
        await mine.RunAsync("rm", "--force", $"{host.Name}-one");
        await mine.RunAsync("system", "prune", "--all", "--volumes", "--force");
        (await MarksAsync($"{host.Name}-two")).ShouldBe(MarksOf($"{host.Name}-two"));
        var (code, _, error) = await mine.TryAsync("image", "rm", RunnerImage.Name);
        code.ShouldNotBe(0);
        error.ShouldContain("so it stays");
        await mine.RunAsync("image", "rm", $"{host.Name}-one:built");
    }

    [Fact]
    public async Task Input_output_and_exit_codes_pass_as_they_are()
    {
        await using var host = Host();
        host.Start();
        await host.UntilIdleAsync();
        var docker = new JobDocker(host, 1);
        (await RunAsync("sh", "-c", $"head -c 3000000 /dev/zero | docker --host {docker.Address} run --rm -i --entrypoint /bin/busybox {RunnerImage.Name} wc -c")).ShouldBe("3000000");
        (await docker.TryAsync("run", "--rm", "--entrypoint", "/bin/sh", RunnerImage.Name, "-c", "exit 7")).Code.ShouldBe(7);
        await docker.RunAsync("run", "--detach", "--name", $"{host.Name}-exec", "--entrypoint", "sleep", RunnerImage.Name, "100");
        (await docker.RunAsync("exec", $"{host.Name}-exec", "/bin/busybox", "echo", "hello")).ShouldBe("hello");
        (await docker.TryAsync("run", "--rm", "rbsv-no-such-image:1")).Error.ShouldContain("rbsv-no-such-image");
    }

    [Fact]
    public async Task Running_jobs_keep_their_docker_when_the_program_is_killed_and_started_again()
    {
        await using var host = Host();
        using var first = new RunningProgram(host);
        var busy = await host.RunJobAsync(1, "long");
        var docker = new JobDocker(host, 1);
        await docker.LeaveMarksAsync($"{host.Name}-kill");
        await first.KillAsync();

        using var second = new RunningProgram(host);
        await host.UntilAsync(1, status => status.State == "Busy");
        // As the job sees it, in the folder that its container has had all the time.
        (await DockerAsync("exec", busy.Container!, "ls", "-l", "/var/run/docker.sock")).ShouldContain("/run/runnerbuild/docker.sock");
        (await DockerAsync("exec", busy.Container!, "/bin/busybox", "stat", "-L", "-c", "%F", "/var/run/docker.sock")).ShouldBe("socket");
        await RunnerHost.UntilAsync(async () => (await docker.TryAsync("ps", "--format", "{{.Names}}")).Output.Trim() == $"{host.Name}-kill", "the job's Docker answers again");

        await host.EndJobAsync(busy);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        (await MarksAsync($"{host.Name}-kill")).ShouldBeEmpty();
        (await second.EndAsync()).ShouldBe(0);
    }

    [Fact]
    public async Task A_tag_that_a_job_moved_is_moved_back()
    {
        await using var host = Host();
        await DockerAsync("tag", RunnerImage.Name, $"{host.Name}-tag:1");
        try
        {
            host.Start();
            var busy = await host.RunJobAsync(1, "moves");
            var docker = new JobDocker(host, 1);
            await docker.BuildAsync($"{host.Name}-tag:1");
            await host.EndJobAsync(busy);
            await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
            (await DockerAsync("image", "inspect", "--format", "{{.Id}}", $"{host.Name}-tag:1")).ShouldBe(await DockerAsync("image", "inspect", "--format", "{{.Id}}", RunnerImage.Name));
        }
        finally
        {
            await DockerAsync("image", "rm", $"{host.Name}-tag:1");
        }
    }

    [Fact]
    public async Task What_a_job_starts_lies_below_the_slots_control_group_and_its_use_is_known_after_it()
    {
        await using var host = Host();
        host.Pool["memoryBytes"] = 512 << 20;
        host.Pool["cpus"] = 1.5;
        host.WriteSettings();
        host.Start();
        var busy = await host.RunJobAsync(1, "heavy");
        var docker = new JobDocker(host, 1);
        await docker.RunAsync("run", "--detach", "--name", $"{host.Name}-group", "--entrypoint", "sleep", RunnerImage.Name, "100");
        var process = await DockerAsync("inspect", "--format", "{{.State.Pid}}", $"{host.Name}-group");
        var groups = await File.ReadAllTextAsync($"/proc/{process}/cgroup", TestContext.Current.CancellationToken);
        groups.ShouldContain(busy.Runner!);
        var (code, _, _) = await docker.TryAsync("run", "--rm", "--entrypoint", "/bin/busybox", RunnerImage.Name, "dd", "if=/dev/zero", "of=/dev/null", "bs=700M", "count=1");
        code.ShouldNotBe(0);
        await docker.RunAsync("run", "--rm", "--entrypoint", "/bin/busybox", RunnerImage.Name, "dd", "if=/dev/zero", "of=/dev/null", "bs=200M", "count=1");
        await host.EndJobAsync(busy);
        await host.UntilAsync(1, status => status.State == "Idle" && status.Container != busy.Container);
        Directory.EnumerateDirectories("/sys/fs/cgroup", busy.Runner!, new EnumerationOptions { RecurseSubdirectories = true, MaxRecursionDepth = 2 }).ShouldBeEmpty();
    }

    private static string[] MarksOf(string mark) =>
        [$"container {mark}", $"image {mark}:built", $"image {mark}:imported", $"network {mark}", $"volume {mark}", $"volume {mark}-implicit"];

    private static async Task<string[]> MarksAsync(string mark) => [.. (await ThingsAsync()).Where(thing => thing.Contains(mark)).Order(StringComparer.Ordinal)];

    private static async Task<List<string>> ThingsAsync()
    {
        var things = new List<string>();
        foreach (var kind in kinds)
        {
            var format = kind switch { "container" => "{{.Names}}", "image" => "{{.Repository}}:{{.Tag}} {{.ID}}", _ => "{{.Name}}" };
            string[] all = kind is "container" or "image" ? ["--all"] : [];
            var names = await DockerAsync([kind, "ls", .. all, "--format", format]);
            things.AddRange(names.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(name => $"{kind} {(name.Contains("<none>") ? name : name.Split(' ')[0])}"));
        }
        return things;
    }
}
