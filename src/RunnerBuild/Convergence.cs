using System.Diagnostics;
using RunnerBuild.Stages;
using RunnerBuild.Terminal;

namespace RunnerBuild;

/// <param name="Changes">How many were made, or would be in a dry run.</param>
internal sealed record Outcome(int Changes);

/// <summary>Observe, plan, show, apply, observe again: one stage on one host.</summary>
internal static class Convergence
{
    // What is installed can bring along more to set right, such as a unit that did not exist; a third round would be a circle.
    private const int Rounds = 2;

    public static async Task<Outcome> RunAsync(Stage stage, HostSession session, bool dryRun, Report report, CancellationToken cancel)
    {
        var clock = Stopwatch.StartNew();
        if (session.UnknownUntil is { } earlier)
        {
            report.Note(session.Name, $"{stage.Name}: known after {earlier}");
            return new Outcome(1);
        }

        var made = 0;
        for (var round = 0; ; round++)
        {
            var changes = await stage.PlanAsync(session, cancel);
            report.Plan(stage.Name, session.Name, changes);
            if (changes.Where(change => change.Refusal is not null).ToList() is { Count: > 0 } refused)
                throw new RunnerBuildException(
                    $"{stage.Name} does not touch {session.Name}.",
                    string.Join('\n', refused.Select(change => $"{change.Resource} {change.Field}: {change.From}{(change.To is { } wanted ? $" instead of {wanted}" : "")}")),
                    string.Join('\n', refused.Select(change => change.Refusal)));
            if (changes.IsEmpty)
                break;
            if (dryRun)
            {
                session.UnknownUntil = stage.BlocksPlanning(changes) ? stage.Name : null;
                return new Outcome(changes.Length);
            }

            if (round == Rounds)
                throw new RunnerBuildException(
                    $"{stage.Name} on {session.Name} did not reach what is wanted.", string.Join('\n', changes.Select(change => $"{change.Resource} {change.Field} is {change.From}")),
                    "Something else seems to change it back; see what else manages this machine.");
            if (session.BeforeChanges is { } ready)
                await ready(cancel);
            await stage.ApplyAsync(session, changes, cancel);
            session.Forget();
            made += changes.Length;
        }

        if (made > 0)
            report.Good(session.Name, $"{made} {(made == 1 ? "change" : "changes")} made in {Report.Elapsed(clock.Elapsed)}");
        return new Outcome(made);
    }
}
