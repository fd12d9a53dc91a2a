using System.Collections.Immutable;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Terminal;

/// <summary>Why's answer for people.</summary>
internal static class WaitingTable
{
    public static void Write(TextWriter output, IEnumerable<(QueuedJob? Job, ImmutableArray<WaitingReason> Reasons)> jobs)
    {
        foreach (var (job, reasons) in jobs)
        {
            if (job is not null)
                output.WriteLine(Redaction.Mask($"{job.Name} [{string.Join(", ", job.Labels)}]: {job.Status}"));
            foreach (var reason in reasons)
                output.WriteLine(Redaction.Mask($"  {reason.What}\n    {reason.Fix}"));
        }
    }
}
