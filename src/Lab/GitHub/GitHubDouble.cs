using Lab.GitHub.Faults;
using Lab.GitHub.Rest;
using Lab.GitHub.RunnerService;
using Lab.GitHub.State;
using Lab.GitHub.Workflows;

namespace Lab.GitHub;

/// <summary>A stand-in for GitHub's REST API and runner service, faithful enough for the official runner program and for Octokit.</summary>
internal sealed class GitHubDouble : IDisposable
{
    private static readonly TimeSpan SweepEvery = TimeSpan.FromSeconds(5);

    private readonly GitHubState _state;
    private readonly GitHubOptions _options;
    private readonly TimeProvider _time;
    private readonly Accounts _accounts;
    private readonly Sessions _sessions;
    private readonly JobQueue _jobs;
    private readonly Runs _runs;
    private readonly WorkflowFolder _workflows;
    private readonly FaultSwitch _faults;
    private readonly ITimer _sweep;

    public GitHubDouble(GitHubOptions options, TimeProvider time)
    {
        _options = options with { PublicUrl = options.PublicUrl.TrimEnd('/') };
        _time = time;
        _state = new(options.StateFile);
        _accounts = new(_options);
        _sessions = new(_options, time);
        _faults = new(time);
        _jobs = new(_options, _state, _sessions, _accounts, _faults, time);
        _runs = new(_state, _jobs, time);
        _workflows = new(options.WorkflowsDirectory);
        _workflows.Prepare();
        _sweep = time.CreateTimer(_ => _jobs.Sweep(), null, SweepEvery, SweepEvery);
    }

    public void Map(IEndpointRouteBuilder endpoints)
    {
        var tokens = new RunnerTokens(_time);
        var jobToken = new JobToken(_state, _time);
        var results = new ResultsEndpoints(_options, _state, jobToken);
        new OAuthEndpoint(_options, _state, tokens, _time).Map(endpoints);
        new BrokerEndpoints(_state, _sessions, tokens, _jobs, _faults, _time).Map(endpoints);
        new RunEndpoints(_options, _state, tokens, jobToken, _jobs).Map(endpoints);
        results.Map(endpoints);
        new GitEndpoints(_options).Map(endpoints);
        MapRest(endpoints, results);
    }

    /// <summary>Queues a job of one shell script, as the lab's control API does.</summary>
    /// <param name="labels">None: `self-hosted`.</param>
    /// <returns>The job's id, for <see cref="FindJob"/>.</returns>
    public long QueueJob(string script, IEnumerable<string>? labels = null, string repository = "acme/widgets", string name = "job")
    {
        List<string> wanted = [.. labels ?? []];
        return _runs.Queue(name, script, wanted.Count == 0 ? ["self-hosted"] : wanted, repository).Id;
    }

    public Job? FindJob(long id) => _state.Look(document => document.Jobs.Find(job => job.Id == id) is { } job ? Job.Of(job) : null);

    public IReadOnlyList<Job> Jobs() => _state.Look(document => document.Jobs.Select(Job.Of).ToList());

    /// <summary>The job, once it is done.</summary>
    public async Task<Job> WaitForJobAsync(long id, CancellationToken cancel)
    {
        while (true)
        {
            var changed = _state.Changed;
            if (FindJob(id) is not { } job)
                throw new KeyNotFoundException($"There is no job {id}.");
            if (job.Status == JobStatus.Completed)
                return job;

            await changed.WaitAsync(cancel);
        }
    }

    /// <summary>Cancels the run that the job is of; false when it is over.</summary>
    public bool CancelJob(long id) =>
        _state.Look(document => document.Jobs.Find(job => job.Id == id) is { } job ? document.Runs.Find(run => run.Id == job.RunId) : null) is { } run
        && _runs.Cancel(run);

    /// <summary>All registrations of all scopes.</summary>
    public IReadOnlyList<Runner> Runners() => _state.Look(document => document.Registrations.Select(r => new Runner(
        r.Id, r.Name, r.Scope, [.. r.Labels], _sessions.Online(r.Id) || document.Busy(r), document.Busy(r), r.Version)).ToList());

    /// <summary>The faults that are on now.</summary>
    public IReadOnlyList<ActiveFault> Faults => _faults.Active;

    /// <summary>Switches a fault on or off. Errors: <see cref="FaultProblem"/>.</summary>
    public void SetFault(string name, string value)
    {
        if (name == FaultKind.RunnerDeleted && !Vanish(value))
            throw new FaultProblem($"There is no runner {value}.");
        if (name == FaultKind.RunnerLost && !_jobs.EndLease(value))
            throw new FaultProblem($"There is no runner {value} with a job.");
        if (name is not (FaultKind.RunnerDeleted or FaultKind.RunnerLost))
            _faults.Set(name, value);
    }

    public void Dispose() => _sweep.Dispose();

    private bool Vanish(string name) => _state.Change<object>(document =>
    {
        if (document.Registrations.Find(runner => runner.Name == name) is not { } runner)
            return null!;

        _jobs.Forget(document, runner);
        return true;
    }) is not null;

    private void MapRest(IEndpointRouteBuilder endpoints, ResultsEndpoints results)
    {
        var clock = new SkewedTime(_time, _faults);
        var tokens = new RegistrationTokens(clock);
        var access = new Access(_options, tokens, _faults, clock);
        var limits = new RateLimits(_options, clock);
        var routes = new RestRoutes(endpoints, access, limits, new(_faults, clock), clock);
        var registrations = new Registrations(_options, _state, _time);
        var runners = new RunnerBodies(_state, _sessions);
        var releases = new ReleaseFiles(_options.ReleasesDirectory);
        new JitConfigEndpoint(_accounts, registrations, runners).Map(routes);
        new RegistrationEndpoints(_options, _accounts, registrations).Map(routes);
        new RunnerEndpoints(_accounts, _state, _jobs, runners, tokens).Map(routes);
        new RunnerLabelEndpoints(_accounts, _state).Map(routes);
        new RunnerGroupEndpoints(_options, _accounts, _state, runners).Map(routes);
        new RunnerApplicationEndpoints(_options, _accounts, releases).Map(routes);
        new ReleaseEndpoints(_options, releases).Map(routes, endpoints);
        new WorkflowEndpoints(_options, _accounts, _workflows, _runs).Map(routes);
        new RunQueryEndpoints(_accounts, _state, _runs, new(_options, _state, _accounts), results).Map(routes);
        new AccountEndpoints(_options, _accounts, limits).Map(routes);
        new RepositoryEndpoints(_options, _accounts).Map(routes);
        new SourceEndpoints(_options, _accounts, _workflows).Map(routes);
        new IssueEndpoints(_options, _accounts, _state, clock).Map(routes);
        new AppEndpoints(_options, _accounts, access, clock).Map(routes);
        routes.Rest();
    }
}
