using RunnerBuild;

/// <summary>How the built-in target engine reports what people can act on.</summary>
partial class Build
{
    protected override int ExitCodeOf(Exception exception) => exception is ConfigurationException ? 2 : 1;

    protected override string Describe(Exception exception) => exception is RunnerBuildException ? exception.Message : null;

    protected override void OnBuildFinished() => Task.Run(async () =>
    {
        if (_site is null)
            return;
        if (_site.FoundChanges && !IsFailing)
            ExitCode = 3;
        await _site.DisposeAsync();
    }).GetAwaiter().GetResult();
}
