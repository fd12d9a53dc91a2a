using Supervisor.Care;
using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.GitHub;

namespace Supervisor.Slots;

/// <summary>One place for a runner, and what is remembered about it. Only the reconciler's loop changes it.</summary>
internal sealed class Slot(string name, int number, string host, PoolSettings pool, string poolHash) : IAsyncDisposable
{
    private readonly Dictionary<string, Predecessor> predecessors = [];
    private Hold? hold;
    private Hold? removalHold;
    private int failures;
    private int jobless;
    private string? provenHash;
    // Why the runner program of the pool's image is of no use any more.
    private string? outworn;
    private volatile object? acting;
    private volatile string? minting;

    public string Name => name;
    public PoolSettings Pool { get; private set; } = pool;
    public bool Removed { get; set; }
    public bool Drained { get; set; }
    public Probe? Probe { get; private set; }

    /// <summary>What of the host itself speaks against another runner here, as of the last tick.</summary>
    public string? Obstacle { get; set; }
    public RunnerContainer? Container { get; private set; }
    public RunnerWatch? Watch { get; private set; }
    public IReadOnlyCollection<Predecessor> Predecessors => predecessors.Values;

    /// <summary>Runners that are in use here: those of the containers that there are, and the one that is being registered, whose number nobody knows yet.</summary>
    public IEnumerable<string> Runners =>
        predecessors.Values.Select(predecessor => predecessor.Container).Append(Container).OfType<RunnerContainer>().Select(container => container.Runner).Append(minting).OfType<string>();

    /// <summary>Why the job in its container cannot use its Docker, in socket mode.</summary>
    public string? JobDockerProblem { get; set; }
    public Presence Presence { get; } = new();
    public SlotCondition Condition { get; private set; } = new(SlotState.Empty, null);
    public DateTimeOffset Since { get; private set; }
    public GitHubScope Scope => GitHubScope.Of(Pool.Api, Pool.Scope, Pool.Credential);
    public RunnerProgress Progress => Watch?.Progress ?? RunnerProgress.None;

    /// <summary>What is under way, null for nothing. The step itself moves it on.</summary>
    public SlotState? Acting
    {
        get => (SlotState?)acting;
        set => acting = value;
    }

    /// <summary>The name that GitHub is asked to register; from the step itself.</summary>
    public void BeginMinting(string runner) => minting = runner;

    public Share Reserved => new(Pool.ReservedMemoryBytes ?? 0, Pool.ReservedCpus ?? 0);

    // With the host's engine, what the last job left goes before the next one comes.
    private bool Overlaps => Pool.Docker != "socket";

    private string WantedHash => Probe is { } probe ? PoolHash.WithLabel(poolHash, probe.Label) : poolHash;

    public bool IsOutdated => Container is not null && Container.Hash != WantedHash;

    public MintOrder Order() => new(host, name, number, Pool, WantedHash, Probe is { } probe ? [probe.Label] : Pool.Labels, provenHash == poolHash);

    public void Assign(PoolSettings wanted, string hash)
    {
        Pool = wanted;
        if (poolHash != hash)
            outworn = null;
        poolHash = hash;
        Removed = false;
        Retry();
    }

    public void Begin(Probe? probe)
    {
        Probe = probe;
        Retry();
    }

    /// <summary>Forgets all setbacks: a person has changed something.</summary>
    public void Retry()
    {
        hold = removalHold = null;
        failures = jobless = 0;
    }

    /// <summary>A person wants it to serve: what was given up is tried once more.</summary>
    public void Resume()
    {
        outworn = null;
        Retry();
    }

    /// <param name="containers">All of this slot that there are.</param>
    public async Task ObserveAsync(IEnumerable<RunnerContainer> containers, DateTimeOffset now, Func<RunnerContainer, RunnerWatch> watch)
    {
        if (Probe is { } probe && (probe.JobsLeft <= 0 || now >= probe.Until))
            Begin(null);
        var aside = containers.Where(container => container.IsAside).ToDictionary(container => container.Id);
        var seen = containers.FirstOrDefault(container => !container.IsAside);
        if (Container is { } before && before.Id != seen?.Id && !aside.ContainsKey(before.Id))
        {
            // What is under way says what became of it.
            if (Acting is not null)
                seen ??= before;
            else if (Watch is { } follower)
                predecessors[before.Id] = new Predecessor(before, follower, now, vanished: true);
            if (predecessors.ContainsKey(before.Id))
                Watch = null;
        }
        Container = seen;
        await SetAsideAsync(aside, now, watch);
        if (Watch is not null && Watch.Container != seen?.Id)
        {
            await Watch.DisposeAsync();
            Watch = null;
        }
        if (Acting is null)
            minting = null;
        // Docker's follower never sees the output of a container that it followed before its start.
        if (seen is not null and not { Phase: ContainerPhase.Made } && Watch is null)
        {
            removalHold = null;
            Presence.Reset();
            Watch = watch(seen);
        }
        // A probe's container differs by its label only.
        if (Progress.Stage >= RunnerStage.Listening && seen?.Hash == WantedHash)
            provenHash = poolHash;
    }

    private async Task SetAsideAsync(Dictionary<string, RunnerContainer> aside, DateTimeOffset now, Func<RunnerContainer, RunnerWatch> watch)
    {
        foreach (var (id, gone) in predecessors.Where(pair => !aside.ContainsKey(pair.Key)).ToList())
        {
            if (gone.Vanish())
                continue;
            predecessors.Remove(id);
            await gone.DisposeAsync();
        }
        foreach (var container in aside.Values)
        {
            if (predecessors.TryGetValue(container.Id, out var known))
            {
                known.Container = container;
                continue;
            }
            // The one who has followed it so far goes on doing so.
            var follower = Watch?.Container == container.Id ? Watch : watch(container);
            if (follower == Watch)
                Watch = null;
            predecessors[container.Id] = new Predecessor(container, follower, now);
        }
    }

    public SlotView View(DateTimeOffset now, bool serves, Timing timing) => new()
    {
        Acting = Acting is not null,
        Container = Container?.Phase,
        Stage = Progress.Stage,
        IsCurrent = !IsOutdated,
        Serves = serves && !Drained && !Removed,
        IsGhost = Presence.IsGhost(timing.JanitorGrace),
        IsOffline = Presence.IsOffline(timing.JanitorGrace),
        IsOverdue = Progress.Stage == RunnerStage.Completed && now - (Progress.Finished ?? Watch!.Seen) >= timing.Farewell,
        IsStuck = IsStuck(now, timing),
        Overlaps = Overlaps,
        HeldBack = (hold?.At(now) ?? false) || outworn is not null || (!Overlaps && predecessors.Count > 0),
        RemovalHeldBack = removalHold?.At(now) ?? false,
    };

    public bool IsStuck(DateTimeOffset now, Timing timing) =>
        Container is { Phase: ContainerPhase.Running } && Watch is { Progress.Stage: RunnerStage.Starting } watch && now - watch.Seen > timing.StartUp;

    public void HoldBack(Setback setback, DateTimeOffset now, Timing timing)
    {
        failures++;
        hold = new Hold(now + Backoff.DelayOf(setback, failures, Random.Shared.NextDouble(), timing), setback.Reason);
        // One of earlier settings says nothing of the program that comes next.
        if (setback.Kind == SetbackKind.RunnerOutworn && !IsOutdated)
            outworn = setback.Reason;
    }

    /// <summary>A runner ended by itself without a job.</summary>
    /// <returns>How many did so in a row.</returns>
    public int EndJobless()
    {
        // The next one waits for its engine again.
        provenHash = null;
        return ++jobless;
    }

    /// <summary>The container is gone because this program removed it.</summary>
    public void Leave() => Container = null;

    public void HoldBackRemoval(TimeSpan wait, string reason, DateTimeOffset now) => removalHold = new Hold(now + wait, reason);

    /// <summary>A runner served as it should.</summary>
    public void Succeed(bool probed)
    {
        hold = null;
        failures = jobless = 0;
        if (probed && Probe is { } probe)
            Probe = probe with { JobsLeft = probe.JobsLeft - 1 };
    }

    /// <returns>Whether anything that people see has changed.</returns>
    public bool Show(SlotCondition condition, DateTimeOffset now)
    {
        if (condition == Condition && Since != default)
            return false;
        if (condition.State != Condition.State || Since == default)
            Since = SinceOf(condition.State) ?? now;
        Condition = condition;
        return true;
    }

    // What it does now may have begun before this program did.
    private DateTimeOffset? SinceOf(SlotState state) => state switch
    {
        SlotState.Busy => Progress.Began,
        SlotState.Idle when Condition.State is SlotState.Empty or SlotState.Created => Progress.Listened,
        _ => null,
    };

    public bool IsProbed => Probe is not null && Container?.Hash == WantedHash;

    public string? HoldReason => outworn ?? (Overlaps ? null : predecessors.Values.Select(predecessor => predecessor.Problem).FirstOrDefault(problem => problem is not null)) ?? hold?.Reason;
    public string? RemovalReason => removalHold?.Reason;

    /// <summary>Nobody follows its runners any more; they run on.</summary>
    public async ValueTask DisposeAsync()
    {
        if (Watch is not null)
            await Watch.DisposeAsync();
        foreach (var predecessor in predecessors.Values)
            await predecessor.DisposeAsync();
    }
}
