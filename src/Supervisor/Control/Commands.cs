using Supervisor.Configuration;
using Supervisor.Evidence;
using Supervisor.GitHub;
using Supervisor.Slots;
using Supervisor.Systemd;

namespace Supervisor.Control;

/// <summary>Answers the control socket's requests; what changes slots is done by the reconciler's loop.</summary>
internal sealed class Commands(
    Installation host, SlotTable table, DrainedSlots drained, Credentials credentials, Reconciler reconciler, MetricsEndpoint metrics, string settingsPath, EventLog log, ServiceNotifier notifier)
{
    private const int MostJobs = 20;
    private const int MostSeconds = 3600;

    public async Task<string> AnswerAsync(ControlRequest request) => request.Command == "status"
        ? ControlSocket.Line(await host.KnownStatusAsync(), ControlJson.Default.HostStatus)
        : ControlSocket.Line(await OnLoopAsync(() => Do(request)), ControlJson.Default.ControlReply);

    /// <summary>Reads the settings again; when they cannot be used, the old ones stay and the reply says why.</summary>
    public ControlReply Reload()
    {
        notifier.Reloading();
        try
        {
            Use(SettingsFile.Load(settingsPath));
            log.Information("service", $"settings reloaded ({host.Settings.Sha256[..12]}), {table.All.Count} slots");
            return new ControlReply(true);
        }
        catch (SettingsProblem problem)
        {
            host.Problem = $"The settings were not reloaded and the earlier ones stay: {problem.Message}";
            log.Error("service", host.Problem);
            return new ControlReply(false, host.Problem);
        }
        finally
        {
            notifier.Ready();
        }
    }

    private void Use(LoadedSettings loaded)
    {
        var before = host.Settings.Settings.Host;
        if (loaded.Settings.Host != before)
            throw new SettingsProblem($"{settingsPath}: host is now '{loaded.Settings.Host}' and was '{before}'. Drain the slots (runnerctl drain --wait), then restart the service.");
        host.Settings = loaded;
        host.Problem = null;
        credentials.Forget();
        host.Api.ForgetGroups();
        table.Apply(loaded);
        host.Doors.Use(loaded.Settings);
        host.Archives.Use(loaded.Settings);
        metrics.Use(loaded.Settings.Metrics);
        reconciler.RetryAll();
    }

    private ControlReply Do(ControlRequest request) => request.Command switch
    {
        "reload" => Reload(),
        "drain" => OnSlots(request.Slot, slot => SetDrained(slot, true)),
        "resume" => OnSlots(request.Slot, slot => SetDrained(slot, false)),
        "probe" => Probe(request),
        _ => new ControlReply(false, $"There is no command '{request.Command}'; there are status, reload, drain, resume and probe."),
    };

    private ControlReply OnSlots(string? name, Action<Slot> change)
    {
        if (name is null)
        {
            foreach (var slot in table.All)
                change(slot);
            return new ControlReply(true);
        }
        if (table.Find(name) is not { } named)
            return Unknown(name);
        change(named);
        return new ControlReply(true);
    }

    private void SetDrained(Slot slot, bool value)
    {
        drained.Set(slot.Name, value);
        slot.Drained = value;
        if (value)
            slot.Retry();
        else
            slot.Resume();
    }

    private ControlReply Probe(ControlRequest request)
    {
        if (request.Slot is null || table.Find(request.Slot) is not { } slot)
            return Unknown(request.Slot ?? "(none)");
        if (string.IsNullOrWhiteSpace(request.Label) || request.Label.Contains(','))
            return new ControlReply(false, "A probe needs one label.");
        if (request.Jobs is not (>= 1 and <= MostJobs) || request.Seconds is not (>= 1 and <= MostSeconds))
            return new ControlReply(false, $"A probe takes 1 to {MostJobs} jobs and 1 to {MostSeconds} seconds; asked were {request.Jobs} jobs and {request.Seconds} seconds.");
        if (slot.Drained || slot.Removed)
            return new ControlReply(false, $"{slot.Name} is drained, so it can run no probe: runnerctl resume {slot.Name}.");

        slot.Begin(new Probe(request.Label, request.Jobs.Value, host.Clock.GetUtcNow().AddSeconds(request.Seconds.Value)));
        log.Information(slot.Name, $"probe: the next {request.Jobs} jobs come by the label {request.Label}");
        return new ControlReply(true);
    }

    private ControlReply Unknown(string name) =>
        new(false, $"There is no slot '{name}'; there are: {string.Join(", ", table.All.Select(slot => slot.Name))}.");

    private Task<ControlReply> OnLoopAsync(Func<ControlReply> command)
    {
        var done = new TaskCompletionSource<ControlReply>(TaskCreationOptions.RunContinuationsAsynchronously);
        reconciler.Post(() =>
        {
            try
            {
                done.SetResult(command());
            }
            catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
            {
                done.SetResult(new ControlReply(false, fault.Message));
            }
        });
        return done.Task;
    }
}
