using System.Runtime.ExceptionServices;

namespace Nuke.Common.Execution;

/// <summary>Runs targets that do not depend on each other at the same time, in the order of the plan as far as that leaves a choice.</summary>
internal static class SideBySide
{
    /// <summary>After the first target that throws no other begins; those that run come to their end, and then its exception goes on.</summary>
    public static void Run(IReadOnlyCollection<ExecutableTarget> plan, int degree, Action<ExecutableTarget> run)
    {
        var waiting = plan.ToList();
        var running = new Dictionary<Task, ExecutableTarget>();
        ExceptionDispatchInfo? failure = null;
        while (true)
        {
            while (failure is null && running.Count < degree && Next(waiting, running.Values) is { } target)
            {
                waiting.Remove(target);
                running.Add(Task.Factory.StartNew(() => run(target), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default), target);
            }

            if (running.Count == 0)
                break;

            var ended = Task.WhenAny(running.Keys).GetAwaiter().GetResult();
            running.Remove(ended);
            if (ended.Exception?.InnerException is { } exception)
                failure ??= ExceptionDispatchInfo.Capture(exception);
        }

        failure?.Throw();
    }

    // What comes later in the plan may depend on nothing that has not ended, through targets outside of the plan either.
    private static ExecutableTarget? Next(List<ExecutableTarget> waiting, IEnumerable<ExecutableTarget> running)
    {
        HashSet<ExecutableTarget> open = [.. waiting, .. running];
        return waiting.Find(target => !Before(target, []).Overlaps(open));
    }

    private static HashSet<ExecutableTarget> Before(ExecutableTarget target, HashSet<ExecutableTarget> seen)
    {
        foreach (var dependency in target.AllDependencies)
        {
            if (seen.Add(dependency))
                Before(dependency, seen);
        }

        return seen;
    }
}
