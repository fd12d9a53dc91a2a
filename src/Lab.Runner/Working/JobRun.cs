using System.Text.Json.Nodes;
using Lab.Runner.Listening;

namespace Lab.Runner.Working;

/// <summary>All steps of a job in their order, between "Set up job" and "Complete job".</summary>
internal sealed class JobRun(JobRequest request, RunnerSettings settings, Results results, JobLog log, JobOrders orders)
{
    private static readonly TimeSpan ShowLogEvery = TimeSpan.FromSeconds(3);

    private readonly List<StepReport> _steps = [];
    private readonly Contexts _contexts = request.Contexts();
    private Workspace? _workspace;
    private JobContainers? _containers;
    private StepRunner? _runner;
    private Dictionary<string, string> _environment = [];

    /// <summary>The report for completejob.</summary>
    public async Task<(JobResult Result, JsonObject Report)> RunAsync()
    {
        using var done = new CancellationTokenSource();
        var showing = ShowLogAsync(done.Token);
        await StepAsync("Set up job", "runner", always: true, () => Task.FromResult(SetUp()));
        await HookAsync("Set up runner", "ACTIONS_RUNNER_HOOK_JOB_STARTED", _contexts.JobStatus == "success");
        if (_containers is not null)
            await StepAsync("Initialize containers", "runner", _contexts.JobStatus == "success", StartContainersAsync);
        foreach (var step in _workspace is null ? [] : request.Steps)
            await ScriptAsync(step);
        await HookAsync("Complete runner", "ACTIONS_RUNNER_HOOK_JOB_COMPLETED", _workspace is not null);
        if (_containers is not null)
            await StepAsync("Stop containers", "runner", always: true, StopContainersAsync);
        await StepAsync("Complete job", "runner", always: true, () => Task.FromResult(CleanUp()));
        await done.CancelAsync();
        await showing;
        await results.JobLogAsync(log.Job, final: true);
        return (Result(), Report());
    }

    private string SetUp()
    {
        log.Write($"Current runner version: '{RunnerVersion.Number}'");
        log.Write($"Runner name: '{settings.Name}'");
        log.Write($"Machine name: '{Environment.MachineName}'");
        _workspace = new(settings, _contexts);
        _environment = _workspace.Variables(_contexts);
        foreach (var (name, value) in TemplateToken.Mapping(request.Message["environmentVariables"], _contexts))
        {
            _environment[name] = value;
            _contexts["env"][name] = value;
        }
        _containers = JobContainers.AreWanted(request) ? new(request, _workspace, _contexts, _environment, log) : null;
        _runner = new(_workspace, _contexts, _environment, log, _containers);
        log.Write($"Complete job name: {request.Job.Name}");
        return "succeeded";
    }

    private async Task<string> StartContainersAsync()
    {
        await _containers!.StartAsync(orders.Cancelled);
        return "succeeded";
    }

    private async Task<string> StopContainersAsync()
    {
        await _containers!.RemoveAsync();
        return "succeeded";
    }

    private string CleanUp()
    {
        log.Write("Cleaning up orphan processes");
        if (_workspace is null)
            return "succeeded";

        OrphanProcesses.End(_workspace.TrackingId, log.Write);
        _workspace.Clear();
        return "succeeded";
    }

    private async Task HookAsync(string name, string variable, bool wanted)
    {
        if (!wanted || Environment.GetEnvironmentVariable(variable) is not { Length: > 0 } file)
            return;

        await StepAsync(name, "runner", always: true, async () => await _runner!.HookAsync(file, orders.Cancelled) ? "succeeded" : "failed");
    }

    private async Task ScriptAsync(JsonObject step)
    {
        var name = TemplateToken.Text(step["displayNameToken"], _contexts) ?? step["displayName"]?.ToString() ?? step["name"]?.ToString() ?? "Run";
        var keepGoing = TemplateToken.Text(step["continueOnError"], _contexts) == "true";
        var wanted = !orders.ShutDown && Expression.Truth(Expression.Evaluate(step["condition"]?.ToString() ?? "success()", _contexts));
        await StepAsync(
            name, "run", wanted, () => _runner!.RunAsync(step, orders.NextCancellation()), step["id"]?.ToString(), keepGoing);
    }

    private async Task StepAsync(string name, string type, bool always, Func<Task<string>> run, string? id = null, bool keepGoing = false)
    {
        var report = new StepReport(id ?? Guid.NewGuid().ToString(), _steps.Count + 1, name, type);
        _steps.Add(report);
        log.BeginStep();
        await results.UpdateAsync(report);
        report.Conclusion = always ? await ConclusionAsync(run) : "skipped";
        report.Completed = DateTime.UtcNow;
        if (orders.Cancelled.IsCancellationRequested)
            _contexts.JobStatus = "cancelled";
        else if (report.Conclusion == "failed" && !keepGoing)
            _contexts.JobStatus = "failure";
        if (always)
            await results.StepLogAsync(report, log.Step, final: true);
        await results.UpdateAsync(report);
    }

    private async Task<string> ConclusionAsync(Func<Task<string>> run)
    {
        try
        {
            return await run();
        }
        catch (Exception wrong) when (wrong is FormatException or IOException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            log.Write($"##[error]{wrong.Message}");
            return "failed";
        }
    }

    private async Task ShowLogAsync(CancellationToken done)
    {
        for (var shown = 0; !done.IsCancellationRequested;)
        {
            await Task.Delay(ShowLogEvery, done).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            var text = log.Job;
            if (text.Length == shown || done.IsCancellationRequested)
                continue;

            await results.JobLogAsync(text, final: false);
            shown = text.Length;
        }
    }

    private JobResult Result() => orders.ShutDown ? JobResult.Failed
        : orders.Cancelled.IsCancellationRequested ? JobResult.Canceled
        : _contexts.JobStatus == "success" ? JobResult.Succeeded
        : JobResult.Failed;

    private JsonObject Report()
    {
        var outputs = new JsonObject();
        foreach (var (name, value) in TemplateToken.Mapping(request.Message["jobOutputs"], _contexts))
            outputs[name] = new JsonObject { ["value"] = value };
        return new()
        {
            ["conclusion"] = Result().ToString().ToLowerInvariant(),
            ["outputs"] = outputs,
            ["stepResults"] = new JsonArray([.. _steps.Select(step => step.Result())]),
            ["annotations"] = orders.ShutDown ? new JsonArray(new JsonObject { ["message"] = JobOrders.ShutDownMessage, ["level"] = "failure" }) : [],
            ["telemetry"] = new JsonArray(),
        };
    }
}
