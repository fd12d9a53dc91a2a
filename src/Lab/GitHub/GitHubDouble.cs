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
    private readonly ITimer _sweep;

    public GitHubDouble(GitHubOptions options, TimeProvider time)
    {
        _options = options with { PublicUrl = options.PublicUrl.TrimEnd('/') };
        _time = time;
        _state = new(options.StateFile);
        _accounts = new(_options);
        _sessions = new(_options, time);
        _jobs = new(_options, _state, _sessions, time);
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
        new BrokerEndpoints(_state, _sessions, tokens, _jobs, _time).Map(endpoints);
        new RunEndpoints(_options, _state, tokens, jobToken, _jobs).Map(endpoints);
        results.Map(endpoints);
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

    public void Dispose() => _sweep.Dispose();

    private void MapRest(IEndpointRouteBuilder endpoints, ResultsEndpoints results)
    {
        var access = new Access(_options, _time);
        var limits = new RateLimits(_time);
        var routes = new RestRoutes(endpoints, access, limits);
        var registrations = new Registrations(_options, _state, _time);
        var runners = new RunnerBodies(_state, _sessions);
        var runs = new RunBodies(_options, _state, _accounts);
        new JitConfigEndpoint(_accounts, registrations, runners).Map(routes);
        new RunnerEndpoints(_accounts, _state, _jobs, runners, _time).Map(routes);
        new ReleaseEndpoints(_options, new(_options.ReleasesDirectory)).Map(routes, endpoints);
        new WorkflowEndpoints(_options, _accounts, _workflows, _runs).Map(routes);
        new RunQueryEndpoints(_accounts, _state, _runs, runs, results).Map(routes);
        new AccountEndpoints(_options, _accounts, limits).Map(routes);
        new AppEndpoints(_options, _accounts, access, _time).Map(routes);
        routes.Rest();
    }
}
