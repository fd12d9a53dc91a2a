using System.Text.Json.Nodes;

namespace Lab.Runner.Working;

/// <summary>A job's services and the container that its steps run in, on a network of their own, made with docker's command line as the official program does it.</summary>
internal sealed class JobContainers(JobRequest request, Workspace workspace, Contexts contexts, Dictionary<string, string> environment, JobLog log)
{
    private const string Work = "/__w";
    private readonly string _network = $"github_network_{Guid.NewGuid():N}";
    private readonly List<string> _made = [];
    private string? _job;

    public static bool AreWanted(JobRequest request) => request.Message["jobContainer"] is not null || request.Message["jobServiceContainers"] is not null;

    /// <summary>The steps run in a container.</summary>
    public bool HoldSteps => _job is not null;

    public async Task StartAsync(CancellationToken cancel)
    {
        await DockerAsync(["network", "create", _network], cancel);
        var services = new JsonObject();
        foreach (var (name, order) in ContainerOrder.Services(request.Message["jobServiceContainers"], contexts))
            services[name] = new JsonObject { ["id"] = await RunAsync(name, order, [], [], cancel), ["network"] = _network };
        contexts["job"]["services"] = services;
        if (ContainerOrder.Of(request.Message["jobContainer"], contexts) is not { } job)
            return;
        var home = Directory.CreateDirectory(Path.Combine(workspace.Temp, "_github_home")).FullName;
        _job = await RunAsync(
            "job", job, ["--workdir", Inside(workspace.Folder), "--volume", $"{workspace.Work}:{Work}", "--volume", $"{home}:/github/home", "--env", "HOME=/github/home", "--entrypoint", "tail"],
            ["-f", "/dev/null"], cancel);
        contexts["job"]["container"] = new JsonObject { ["id"] = _job, ["network"] = _network };
    }

    /// <summary>The command line that runs a program in the job's container, with what the job sets of its environment.</summary>
    /// <param name="variables">All of the step's; those of this process stay outside.</param>
    public (string Program, IEnumerable<string> Arguments) Command(string program, IEnumerable<string> arguments, string folder, IReadOnlyDictionary<string, string> variables)
    {
        var outside = Environment.GetEnvironmentVariables();
        var inside = variables.Where(pair => !outside.Contains(pair.Key) && pair.Key != "HOME").SelectMany(pair => new[] { "--env", $"{pair.Key}={Inside(pair.Value)}" });
        return ("docker", ["exec", "--interactive", "--workdir", Inside(folder), .. inside, _job!, program, .. arguments.Select(Inside)]);
    }

    /// <summary>Removes them all; what is gone already is no matter.</summary>
    public async Task RemoveAsync()
    {
        if (_made.Count > 0)
            await RunDockerAsync(["rm", "--force", "--volumes", .. _made], log.Write, CancellationToken.None);
        await RunDockerAsync(["network", "rm", _network], log.Write, CancellationToken.None);
    }

    private async Task<string> RunAsync(string alias, ContainerOrder order, string[] options, string[] command, CancellationToken cancel)
    {
        if (await RunDockerAsync(["image", "inspect", "--format", "{{.Id}}", order.Image], _ => { }, cancel) != 0)
            await DockerAsync(["pull", "--quiet", order.Image], cancel);
        var id = await DockerAsync(["create", "--network", _network, "--network-alias", alias, .. options, .. order.Words(), .. command], cancel);
        _made.Add(id);
        await DockerAsync(["start", id], cancel);
        return id;
    }

    private string Inside(string text) => text.Replace(workspace.Work, Work, StringComparison.Ordinal);

    /// <returns>The last line that it wrote.</returns>
    private async Task<string> DockerAsync(string[] arguments, CancellationToken cancel)
    {
        var last = "";
        log.Write($"##[command]docker {string.Join(' ', arguments)}");
        var code = await RunDockerAsync(arguments, line => log.Write(last = line), cancel);
        return code == 0 ? last.Trim() : throw new IOException($"Docker {arguments[0]} failed with exit code {code}.");
    }

    private Task<int> RunDockerAsync(IEnumerable<string> arguments, Action<string> line, CancellationToken cancel) =>
        new StepProcess(line).RunAsync("docker", arguments, workspace.Folder, environment, cancel);
}
