using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Doubles;

/// <summary>Docker as the job in a slot has it.</summary>
internal sealed class JobDocker(RunnerHost host, int slot)
{
    public string Address => $"unix://{Path.Combine(host.Options.RuntimeDirectory, "jobs", host.Slot(slot), "docker.sock")}";

    public Task<string> RunAsync(params string[] arguments) => DockerAsync(["--host", Address, .. arguments]);

    public Task<(int Code, string Output, string Error)> TryAsync(params string[] arguments) => Shell.TryAsync("docker", ["--host", Address, .. arguments]);

    /// <summary>Something of each kind that a job can leave in an engine.</summary>
    public async Task LeaveMarksAsync(string name)
    {
        await BuildAsync($"{name}:built");
        await RunAsync("network", "create", name);
        await RunAsync("volume", "create", name);
        await RunAsync("run", "--detach", "--name", name, "--network", name, "--volume", $"{name}-implicit:/data", "--volume", "/anonymous",
            "--entrypoint", "sleep", RunnerImage.Name, "1000");
        await Shell.RunAsync("sh", "-c", $"cd /etc && tar -c os-release | docker --host {Address} import - {name}:imported");
        // Without -v, so that what it had anonymously is left.
        await RunAsync("run", "--name", $"{name}-gone", "--volume", "/anonymous", "--entrypoint", "/bin/ls", RunnerImage.Name);
        await RunAsync("rm", $"{name}-gone");
    }

    public Task BuildAsync(string tag) => Shell.RunAsync(
        "sh", "-c", $"printf 'FROM {RunnerImage.Name}\\nRUN [\"/bin/sh\", \"-c\", \"echo {tag} > /mark\"]\\nRUN [\"/bin/sh\", \"-c\", \"echo 2 >> /mark\"]\\n' | DOCKER_BUILDKIT=0 docker --host {Address} build --tag {tag} -");

    /// <summary>After a test that ended, well or not, while a job ran.</summary>
    public static async Task RemoveAllAsync(string host)
    {
        foreach (var (kind, format) in ((string, string)[])[("container", "{{.Names}}"), ("network", "{{.Name}}"), ("volume", "{{.Name}}"), ("image", "{{.Repository}}:{{.Tag}}")])
        {
            string[] all = kind == "container" ? ["--all"] : [];
            var names = (await DockerAsync([kind, "ls", .. all, "--format", format])).Split('\n').Where(name => name.Contains(host)).ToArray();
            if (names.Length > 0)
                await DockerAsync([kind, "rm", "--force", .. names]);
        }
    }
}
