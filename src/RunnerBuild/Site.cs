using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Remote.Ssh;
using RunnerBuild.Stages;
using RunnerBuild.Terminal;

namespace RunnerBuild;

/// <summary>What a run was asked for, beside its targets.</summary>
/// <param name="Limit">Only these hosts; empty: all.</param>
/// <param name="AcceptHostKey">`SHA256:…` of a host key to trust and pin.</param>
internal sealed record RunOptions(string Repository, ImmutableArray<string> Limit, bool DryRun, string? AcceptHostKey)
{
    /// <summary>Do not follow the supervisor until every slot serves.</summary>
    public bool NoWait { get; init; }

    /// <summary>How long running jobs are waited for; null: as long as they take.</summary>
    public TimeSpan? Timeout { get; init; }

    /// <summary>How long a slot without a job may take to serve.</summary>
    public TimeSpan Patience { get; init; } = TimeSpan.FromMinutes(3);

    /// <summary>How long the workflows that prove an image may take, each.</summary>
    public TimeSpan CanaryLimit { get; init; } = TimeSpan.FromMinutes(15);

    /// <summary>Running virtual machines may be restarted, once their runners have ended.</summary>
    public bool AllowRestart { get; init; }

    /// <summary>A virtual machine without our mark becomes the host's.</summary>
    public bool Adopt { get; init; }

    /// <summary>A snapshot of the virtual machine is taken before its engine is installed or upgraded.</summary>
    public bool Snapshot { get; init; }

    /// <summary>The run comes to DeployRunners, so that GitHub's credentials must be right before anything is changed.</summary>
    public bool Deploys { get; init; }

    /// <summary>Name of the runner that this run is a job of; null: it is none.</summary>
    public string? Runner { get; init; }
}

/// <summary>The fleet during one run. Every target is the same walk over another stage, on all hosts side by side.</summary>
internal sealed class Site : IAsyncDisposable
{
    private readonly ImmutableArray<HostSession> _sessions, _outside;
    private readonly Dictionary<string, RunnerBuildException> _failed = [];

    public Site(Fleet fleet, RunOptions options, SecretStore secrets, Report report)
    {
        Fleet = fleet;
        Options = options;
        Report = report;
        var pins = new HostKeyPins(fleet.KnownHosts);
        GitHub = new GitHubAccess(secrets);
        Clusters = new Clusters(fleet, secrets);
        Machines = new VirtualMachineStage(fleet, Clusters, pins, options, report);
        Bootstrap = new BootstrapStage(Clusters, options, report);
        _outside = [.. fleet.Hosts.Except(Chosen(fleet, options.Limit)).Select(host => new HostSession(host, pins, secrets, null))];
        Image = new ImageStage(fleet.Image, options.Repository, new FleetHosts(() => Sessions, _outside), report);
        Runners = new RunnersStage(Image, GitHub, options, report);
        Removal = new RemovalStage(GitHub, options, report);
        Destruction = new DestructionStage(Clusters, GitHub, pins, options, report);
        if (options.Adopt && Chosen(fleet, options.Limit).Count() != 1)
            throw new ConfigurationException("--adopt is for one host.", "It makes a virtual machine that somebody made the fleet's.", "Add `--limit HOST`.");
        if (options.AcceptHostKey is not null && Chosen(fleet, options.Limit).Count() != 1)
            throw new ConfigurationException(
                "--accept-host-key is for one host.", "A key belongs to one machine; on another it would be a wrong one.", "Add `--limit HOST`.");
        _sessions = [.. Chosen(fleet, options.Limit).Select(host => new HostSession(host, pins, secrets, options.AcceptHostKey) { BeforeChanges = options.Deploys ? cancel => GitHub.LookAsync(host, cancel) : null })];
        Remote.GitHub.GitHubHandler.Shared.Told = line => report.Note("github", line);
        report.Knows(_sessions.Select(session => session.Name));
    }

    public Fleet Fleet { get; }
    public RunOptions Options { get; }
    public Report Report { get; }
    public GitHubAccess GitHub { get; }
    public Clusters Clusters { get; }
    public VirtualMachineStage Machines { get; }
    public BootstrapStage Bootstrap { get; }
    public ImageStage Image { get; }
    public RunnersStage Runners { get; }
    public RemovalStage Removal { get; }
    public DestructionStage Destruction { get; }

    /// <summary>The hosts that no target of this run has failed on.</summary>
    public IEnumerable<HostSession> Sessions => _sessions.Where(session => !_failed.ContainsKey(session.Name));

    /// <summary>The hosts that a target of this run has failed on, and of what.</summary>
    public IReadOnlyDictionary<string, RunnerBuildException> Failed => _failed;

    /// <summary>Of the hosts that were looked at, as Debian calls them.</summary>
    public IEnumerable<string> Architectures => Sessions.Select(session => session.Architecture).OfType<string>().Distinct();

    /// <summary>True once a dry run found something to do.</summary>
    public bool FoundChanges { get; private set; }

    /// <summary>Brings one stage about on every host; a host that fails does not stop the others.</summary>
    /// <returns>What was changed, for the summary.</returns>
    public async Task<string> ConvergeAsync(Stage stage, CancellationToken cancel)
    {
        var outcomes = await EachAsync(session => Convergence.RunAsync(stage, session, Options.DryRun, Report, cancel));
        FoundChanges |= Options.DryRun && outcomes.Any(outcome => outcome.Changes > 0);
        return Summary(outcomes.Sum(outcome => outcome.Changes));
    }

    /// <summary>Shows what a stage would change on every host, and changes nothing.</summary>
    /// <returns>Whether there is anything.</returns>
    public async Task<bool> PlanAsync(Stage stage, CancellationToken cancel) =>
        (await EachAsync(session => Convergence.RunAsync(stage, session, dryRun: true, Report, cancel))).Any(outcome => outcome.Changes > 0);

    /// <summary>Shows what a dry run of something that is no stage would change.</summary>
    /// <returns>How much that is, for the summary.</returns>
    public async Task<string> ShowAsync(string target, Func<HostSession, Task<ImmutableArray<Change>>> plan)
    {
        var changes = (await EachAsync(async session =>
        {
            var planned = await plan(session);
            Report.Plan(target, session.Name, planned);
            return planned.Length;
        })).Sum();
        FoundChanges |= changes > 0;
        return Summary(changes);
    }

    /// <summary>Does the same on every host at once and reports each failure; throws when there was one.</summary>
    public Task<IReadOnlyList<T>> EachAsync<T>(Func<HostSession, Task<T>> work) => EachAsync([.. Sessions], work);

    /// <summary>The same, but goes on without hosts that fail, which <see cref="Failed"/> has; throws when none is left.</summary>
    public async Task<IReadOnlyList<T>> EachLeftAsync<T>(Func<HostSession, Task<T>> work)
    {
        var results = await AttemptAllAsync([.. Sessions], work);
        return results.Any(result => result.Fault is null) ? [.. results.Where(result => result.Fault is null).Select(result => result.Value!)] : throw Failure(results);
    }

    /// <summary>The same on some of the hosts.</summary>
    public async Task<IReadOnlyList<T>> EachAsync<T>(ImmutableArray<HostSession> sessions, Func<HostSession, Task<T>> work)
    {
        var results = await AttemptAllAsync(sessions, work);
        return results.All(result => result.Fault is null) ? [.. results.Select(result => result.Value!)] : throw Failure(results);
    }

    private async Task<Attempt<T>[]> AttemptAllAsync<T>(ImmutableArray<HostSession> sessions, Func<HostSession, Task<T>> work)
    {
        if (sessions.Length == 0 && _failed.Count > 0)
            throw new RunnerBuildException("No host is left to work on.", "Each failed in an earlier target.", "See the messages above.");
        var results = await Task.WhenAll(sessions.Select(session => AttemptAsync(session, work)));
        foreach (var (session, _, fault) in results)
        {
            if (fault is null)
                continue;
            _failed[session.Name] = fault;
            Report.Bad(session.Name, fault.Message);
        }

        return results;
    }

    private static RunnerBuildException Failure<T>(Attempt<T>[] results)
    {
        var faults = results.Where(result => result.Fault is not null).ToList();
        return new RunnerBuildException(
            $"{faults.Count} of {results.Length} hosts failed: {string.Join(", ", faults.Select(result => result.Session.Name))}.",
            faults[0].Fault!.What, "Correct it and run the same target again; the other hosts went on.");
    }

    private string Summary(int changes) => (changes, Options.DryRun) switch
    {
        (0, _) => "nothing to do",
        (1, false) => "1 change made",
        (_, false) => $"{changes} changes made",
        (1, true) => "1 change to make",
        (_, true) => $"{changes} changes to make",
    };

    private static async Task<Attempt<T>> AttemptAsync<T>(HostSession session, Func<HostSession, Task<T>> work)
    {
        try
        {
            return new(session, await work(session), null);
        }
        catch (RunnerBuildException fault)
        {
            return new(session, default, fault);
        }
        catch (OperationCanceledException)
        {
            throw;
        }
        catch (Exception fault)
        {
            // A bug on one host must not hide what happened on the others; its text says that it is one.
            return new(session, default, new RunnerBuildException($"Something unforeseen happened on {session.Name}.", $"{fault}", "This is a defect of RunnerBuild: please report it with these lines."));
        }
    }

    /// <summary>The hosts that a run works on. Errors: <see cref="ConfigurationException"/> when the limit names none of the fleet's.</summary>
    public static IEnumerable<Host> Chosen(Fleet fleet, ImmutableArray<string> limit)
    {
        var unknown = limit.Except(fleet.Hosts.Select(host => host.Name)).ToList();
        if (unknown.Count > 0)
            throw new ConfigurationException(
                $"--limit names {string.Join(", ", unknown)}.", $"The fleet has {string.Join(", ", fleet.Hosts.Select(host => host.Name))}.", "Name hosts of the fleet.");
        return fleet.Hosts.Where(host => limit.IsEmpty || limit.Contains(host.Name));
    }

    private sealed record Attempt<T>(HostSession Session, T? Value, RunnerBuildException? Fault);

    public async ValueTask DisposeAsync()
    {
        Clusters.Dispose();
        foreach (var session in _sessions.Concat(_outside))
            await session.DisposeAsync();
    }
}
