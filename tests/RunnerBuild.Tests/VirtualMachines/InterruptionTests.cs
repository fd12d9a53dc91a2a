using RunnerBuild.Facts;
using RunnerBuild.Planning;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A creation that is broken off, or loses an answer, after each of its requests in turn.</summary>
public sealed class InterruptionTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Case_36_a_run_killed_after_any_request_is_finished_by_the_next()
    {
        var last = false;
        for (var request = 0; !last; request++)
        {
            await using var cluster = await Cluster.StartAsync();
            using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            cluster.Wire.Loses = (number, _) =>
            {
                if (number < request)
                    return false;
                killed.Cancel();
                return true;
            };
            last = await EndsAsync(cluster.RunAsync(Host, killed.Token));
            cluster.Wire.Loses = (_, _) => false;

            await cluster.RunAsync(Host, Cancel);

            await ShouldBeDoneAsync(cluster, $"killed after request {request}");
            request.ShouldBeLessThan(100);
        }
    }

    [Fact]
    public async Task Case_36_a_change_with_a_restart_that_is_killed_after_any_request_is_finished_by_the_next()
    {
        var more = HostOf(Spec with { Cores = 3, SearchDomain = "lab.example" });
        var consent = new Consent(Restart: true);
        await SweepAsync(
            cluster => cluster.RunAsync(Host, Cancel),
            (cluster, cancel) => cluster.RunAsync(more, cancel, consent),
            async (cluster, when) =>
            {
                await SnapshotTests.RunningAsync(cluster, more);
                var facts = (VirtualMachineFacts.Present)await cluster.Vms.ObserveAsync(more, Cancel);
                VirtualMachinePlan.Diff(RunnerBuild.Desired.VirtualMachine.Of(more), facts, consent).ShouldBeEmpty(when);
                facts.Pending.ShouldBeEmpty(when);
                (await cluster.GuestsAsync(Cancel)).ShouldBe(2, when);
            });
    }

    [Fact]
    public async Task Case_36_a_removal_that_is_killed_after_any_request_is_finished_by_the_next() => await SweepAsync(
        cluster => cluster.RunAsync(Host, Cancel),
        (cluster, cancel) => RemovalTests.RunAsync(cluster, Host, cancel),
        async (cluster, when) =>
        {
            (await cluster.Vms.ObserveAsync(Host, Cancel)).ShouldBeOfType<VirtualMachineFacts.Absent>(when);
            (await cluster.GuestsAsync(Cancel)).ShouldBe(1, when);
        });

    [Fact]
    public async Task Case_37_a_lost_answer_is_looked_up_by_the_same_run()
    {
        var last = false;
        for (var request = 0; !last; request++)
        {
            await using var cluster = await Cluster.StartAsync();
            var lost = false;
            cluster.Wire.Loses = (number, _) => number == request && (lost = true);

            await cluster.RunAsync(Host, Cancel);

            last = !lost;
            cluster.Wire.Loses = (_, _) => false;
            cluster.Writes.Select(write => write.Path).ShouldBeUnique($"answer of request {request} lost");
            await ShouldBeDoneAsync(cluster, $"answer of request {request} lost");
            request.ShouldBeLessThan(100);
        }
    }

    [Fact]
    public async Task Details_read_just_before_a_clone_ended_are_not_taken_for_the_machines()
    {
        await using var cluster = await Cluster.StartAsync();
        await cluster.RunAsync(Host, Cancel);
        var asked = 0;
        cluster.Wire.Instead = request => request.Path.EndsWith("/250/config", StringComparison.Ordinal) && asked++ == 0
            ? ClientTests.Answer(200, "OK", """{"data":{"lock":"clone","digest":"0","description":" qmclone temporary file"}}""")
            : null;
        (await cluster.Vms.ObserveAsync(Host, Cancel)).ShouldBe(new VirtualMachineFacts.Cloning(null));

        asked = 0;
        cluster.Wire.Instead = request => request.Path.EndsWith("/250/config", StringComparison.Ordinal) && asked++ == 0
            ? ClientTests.Answer(500, "Configuration file 'nodes/node005/qemu-server/250.conf' does not exist", """{"data":null}""")
            : null;
        VirtualMachinePlan.Diff(Wanted, await cluster.Vms.ObserveAsync(Host, Cancel)).ShouldBeEmpty();

        asked = 0;
        cluster.Wire.Instead = request => request.Path.Contains("/cluster/resources", StringComparison.Ordinal) && asked++ == 0
            ? ClientTests.Answer(200, "OK", """{"data":[]}""")
            : null;
        VirtualMachinePlan.Diff(Wanted, await cluster.Vms.ObserveAsync(Host, Cancel)).ShouldBeEmpty();
    }

    /// <param name="run">What is killed after each of its requests in turn, and then run once more.</param>
    private static async Task SweepAsync(Func<Cluster, Task> before, Func<Cluster, CancellationToken, Task> run, Func<Cluster, string, Task> after)
    {
        var last = false;
        for (var request = 0; !last; request++)
        {
            await using var cluster = await Cluster.StartAsync();
            await before(cluster);
            cluster.Wire.Forget();
            using var killed = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
            cluster.Wire.Loses = (number, _) =>
            {
                if (number < request)
                    return false;
                killed.Cancel();
                return true;
            };
            last = await EndsAsync(run(cluster, killed.Token));
            cluster.Wire.Loses = (_, _) => false;

            await run(cluster, Cancel);

            await after(cluster, $"killed after request {request}");
            request.ShouldBeLessThan(100);
        }
    }

    private static async Task ShouldBeDoneAsync(Cluster cluster, string when)
    {
        cluster.Wire.Forget();
        var facts = await cluster.Vms.ObserveAsync(Host, Cancel);
        VirtualMachinePlan.Diff(Wanted, facts).ShouldBeEmpty(when);
        facts.ShouldBeOfType<VirtualMachineFacts.Present>().Running.ShouldBeTrue(when);
        (await cluster.GuestsAsync(Cancel)).ShouldBe(2, when);
        cluster.Machines.Starts.Count.ShouldBe(1, when);
    }

    private static async Task<bool> EndsAsync(Task run)
    {
        try
        {
            await run;
            return true;
        }
        catch (Exception broken) when (broken is OperationCanceledException or RunnerBuildException)
        {
            return false;
        }
    }
}
