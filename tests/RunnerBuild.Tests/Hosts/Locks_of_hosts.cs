using System.Diagnostics;
using Lab.Tests;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Hosts;

/// <summary>What keeps the runs of several machines apart, as it runs on a host.</summary>
public sealed class Locks_of_hosts : IDisposable
{
    private readonly TemporaryFolder _folder = new();
    private readonly List<Process> _holders = [];

    [Fact]
    public async Task Who_wants_to_be_alone_is_told_who_is_there_and_nothing_is_left_in_the_end()
    {
        var first = await TakeAsync("exclusive", "ada");
        first.Said.ShouldBe("mine");
        (await TakeAsync("shared", "bob")).Said.ShouldBe("held ada");

        await EndAsync(first.Holder);

        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_lock_stays_as_long_as_one_of_several_holds_it()
    {
        var first = await TakeAsync("shared", "ada");
        var second = await TakeAsync("shared", "bob");
        second.Said.ShouldBe("mine");

        await EndAsync(first.Holder);
        (await TakeAsync("exclusive", "eve")).Said.ShouldBe("held bob");
        await EndAsync(second.Holder);

        Directory.GetFiles(_folder.Path).ShouldBeEmpty();
    }

    [Fact]
    public async Task A_lock_that_is_taken_away_at_that_moment_is_not_taken_for_held()
    {
        var first = await TakeAsync("exclusive", "ada", """flock() { if [ ! -e "$3/x" ]; then touch "$3/x"; rm "$3/github-runners.lock"; fi; command flock "$@"; }""".Replace("$3", _folder.Path, StringComparison.Ordinal));

        first.Said.ShouldBe("mine");
        (await TakeAsync("exclusive", "bob")).Said.ShouldBe("held ada");
    }

    private async Task<(Process Holder, string? Said)> TakeAsync(string how, string who, string before = "")
    {
        var holder = Process.Start(new ProcessStartInfo("bash", ["-c", $"{before}\n{HostGuard.Hold}", "hold", how, who, _folder.Path]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        _holders.Add(holder);
        return (holder, await holder.StandardOutput.ReadLineAsync(TestContext.Current.CancellationToken));
    }

    private static async Task EndAsync(Process holder)
    {
        holder.StandardInput.Close();
        await holder.WaitForExitAsync(TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        foreach (var holder in _holders)
        {
            holder.StandardInput.Close();
            holder.WaitForExit();
            holder.Dispose();
        }

        _folder.Dispose();
    }
}
