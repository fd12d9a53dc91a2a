using System.Globalization;
using System.Text.Json;
using RunnerBuild.Config;

namespace RunnerBuild.Remote;

/// <summary>The embedded lab: a program of its own that outlives the command which started it.</summary>
internal sealed class LabProgram(string repository)
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(2);

    public string State => Path.Combine(repository, ".nuke", "temp", "lab");

    private string Program => Path.Combine(repository, "artifacts", "bin", "Lab", "debug", "Lab.dll");

    /// <summary>Starts what is not up; quick when all is.</summary>
    /// <param name="runnerTarball">A release of GitHub's own runner program instead of the stand-in; null: what is there stays.</param>
    public async Task UpAsync(LabSettings settings, string? runnerTarball, Action<string> line, CancellationToken cancel)
    {
        // A given program is looked at by the lab itself, which takes it over where it is another one.
        if (runnerTarball is null && await IsUpAsync(settings, cancel))
            return;
        await RunAsync(
            [
                "up", "--state", State, "--subnet", settings.Subnet, "--proxmox-port", Text(settings.ProxmoxPort), "--github-port", Text(settings.GitHubPort),
                "--registry-port", Text(settings.RegistryPort), .. runnerTarball is null ? Array.Empty<string>() : ["--runner-tarball", Path.GetFullPath(runnerTarball)],
            ],
            line, "The lab could not be started.", cancel);
    }

    public Task DownAsync(Action<string> line, CancellationToken cancel) =>
        RunAsync(["down", "--state", State], line, "The lab could not be taken down.", cancel);

    /// <summary>Queues a job and waits for it.</summary>
    /// <param name="seconds">How long; null: as long as the lab does by itself.</param>
    /// <returns>True when its conclusion was success.</returns>
    public async Task<bool> JobAsync(string script, IReadOnlyList<string> labels, int? seconds, Action<string> line, CancellationToken cancel)
    {
        string[] arguments =
        [
            "job", "--state", State, "--script", script, .. labels.Count > 0 ? new[] { "--labels", string.Join(',', labels) } : [],
            .. seconds is { } limit ? new[] { "--timeout", Text(limit) } : [],
        ];
        var (exitCode, output) = await StartAsync(arguments, line, cancel);
        return exitCode switch
        {
            0 => true,
            // Of the job itself; whatever else went wrong has another one.
            3 => false,
            _ => throw new RunnerBuildException("The job came to no conclusion.", End(output), "Do what the last line says, and run LabJob again."),
        };
    }

    /// <summary>Switches troubles of the lab's GitHub, and prints those that are on.</summary>
    /// <param name="settings">`NAME=VALUE`; none: prints what there is.</param>
    public async Task FaultAsync(IReadOnlyList<string> settings, Action<string> line, CancellationToken cancel)
    {
        var (exitCode, output) = await StartAsync(["fault", "--state", State, .. settings], line, cancel);
        if (exitCode != 0)
            throw new RunnerBuildException("The fault was not switched.", output.Trim(), "`./build.sh LabFault` lists the faults and their values; LabUp starts the lab.");
    }

    /// <summary>Whether there is anything of a lab, up or not.</summary>
    public bool IsThere => Directory.Exists(State);

    /// <summary>Errors: <see cref="RunnerBuildException"/> when it is up with other settings than these.</summary>
    public async Task<bool> IsUpAsync(LabSettings settings, CancellationToken cancel)
    {
        var record = Path.Combine(State, "lab.json");
        if (!File.Exists(record) || await AnsweringAsync(record, cancel) is not { } running)
            return false;
        string[] differences = [.. Differences(running, settings)];
        return differences.Length == 0 ? true : throw new RunnerBuildException(
            "The lab is up with other settings than the fleet's.", string.Join('\n', differences),
            "`./build.sh LabDown` takes it down with its machines, and the next target starts it with the new ones; or give `lab:` in the fleet what it had.");
    }

    private static IEnumerable<string> Differences(JsonElement running, LabSettings wanted)
    {
        string Of(string name) => running.GetProperty(name).GetString()!;
        (string Name, string Have, string Want)[] all =
        [
            ("subnet", Of("subnet"), wanted.Subnet), ("ports/proxmox", Text(new Uri(Of("proxmox")).Port), Text(wanted.ProxmoxPort)),
            ("ports/github", Text(new Uri(Of("github")).Port), Text(wanted.GitHubPort)), ("ports/registry", Of("registry").Split(':')[^1], Text(wanted.RegistryPort)),
        ];
        return all.Where(setting => setting.Have != setting.Want).Select(setting => $"{setting.Name} is {setting.Have}, wanted is {setting.Want}");
    }

    /// <summary>The record of a server that answers and is of this very program; null: there is none.</summary>
    private async Task<JsonElement?> AnsweringAsync(string record, CancellationToken cancel)
    {
        try
        {
            using var json = JsonDocument.Parse(await File.ReadAllTextAsync(record, cancel));
            using var client = new HttpClient { Timeout = Patience };
            using var answer = JsonDocument.Parse(await client.GetStringAsync($"{json.RootElement.GetProperty("control").GetString()}/health", cancel));
            return answer.RootElement.GetProperty("version").GetString() == json.RootElement.GetProperty("version").GetString()
                && File.GetLastWriteTimeUtc(Program) <= File.GetLastWriteTimeUtc(record) ? json.RootElement.Clone() : null;
        }
        catch (Exception fault) when (fault is HttpRequestException or JsonException or KeyNotFoundException || fault is TaskCanceledException && !cancel.IsCancellationRequested)
        {
            return null;
        }
    }

    private async Task RunAsync(IEnumerable<string> arguments, Action<string> line, string what, CancellationToken cancel)
    {
        var (exitCode, output) = await StartAsync(arguments, line, cancel);
        if (exitCode != 0)
            throw new RunnerBuildException(what, End(output), "Correct the cause and run the same target again; what is up already is kept.");
    }

    private Task<(int ExitCode, string Output)> StartAsync(IEnumerable<string> arguments, Action<string> line, CancellationToken cancel) =>
        LocalProcess.RunAsync(Environment.GetEnvironmentVariable("DOTNET_EXE") ?? "dotnet", ["exec", Program, .. arguments], repository, line, cancel);

    private static string End(string output) => string.Join('\n', output.Trim().Split('\n').TakeLast(12));

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
