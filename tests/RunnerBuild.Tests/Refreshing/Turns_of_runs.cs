using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Refreshing;

/// <summary>One run at a time.</summary>
public sealed class Turns_of_runs : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("rb-turn-").FullName;

    private string Fleet => Path.Combine(_folder, "fleet.yml");

    [Fact]
    public void The_second_is_told_who_holds_the_lock_since_when()
    {
        var first = new RunHolder("RefreshImage", "ada@desk", 7, new DateTimeOffset(2026, 1, 2, 3, 4, 5, TimeSpan.Zero));
        using (RunLock.Take(Fleet, first))
        {
            var refusal = Should.Throw<RunnerBuildException>(() => RunLock.Take(Fleet, RunHolder.Of("RollbackImage")));
            refusal.Why.ShouldContain("RefreshImage of ada@desk (process 7) since 2026-01-02 03:04:05 UTC");
        }

        RunLock.Take(Fleet, RunHolder.Of("RollbackImage")).Dispose();
    }

    public void Dispose() => Directory.Delete(_folder, recursive: true);
}
