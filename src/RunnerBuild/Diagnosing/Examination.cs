using System.Collections.Immutable;

namespace RunnerBuild.Diagnosing;

/// <summary>Questions to one system that belong together. They only read. What another system has to be asked becomes another one of these.</summary>
/// <param name="Where">As in <see cref="Finding"/>.</param>
internal sealed record Examination(string Where, Func<CancellationToken, Task<IReadOnlyList<Finding>>> Ask)
{
    /// <summary>All at once; one that cannot ask is a finding itself.</summary>
    public static async Task<ImmutableArray<Finding>> AllAsync(IEnumerable<Examination> examinations, CancellationToken cancel) =>
        [.. (await Task.WhenAll(examinations.Select(examination => examination.RunAsync(cancel)))).SelectMany(findings => findings)];

    private async Task<IReadOnlyList<Finding>> RunAsync(CancellationToken cancel)
    {
        try
        {
            return await Ask(cancel);
        }
        catch (RunnerBuildException fault)
        {
            return [Finding.Bad(Where, "answers", $"{fault.What} {fault.Why}", fault.Fix)];
        }
    }
}
