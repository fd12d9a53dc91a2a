using Nuke.Common;
using RunnerBuild;
using RunnerBuild.Terminal;

/// <summary>How the built-in target engine reports what people can act on.</summary>
partial class Build
{
    static Build() => Redaction.Added += MaskSecret;

    protected override int ExitCodeOf(Exception exception) => exception is ConfigurationException ? 2 : 1;

    protected override string Describe(Exception exception) => exception is RunnerBuildException ? exception.Message : null;

    protected override void OnBuildFinished() => Task.Run(async () =>
    {
        if ((_wouldChange || _site is { FoundChanges: true }) && !IsFailing)
            ExitCode = 3;
        if (Json && _site is not null && !new[] { Status, Doctor }.Any(ExecutionPlan.Contains))
            await Data.WriteLineAsync(PlanJson.Of(Report.Planned));
        if (_site is not null)
            await _site.DisposeAsync();
    }).GetAwaiter().GetResult();
}
