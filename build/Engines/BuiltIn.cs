using RunnerBuild;

/// <summary>What only the built-in engine offers: an end on signals, errors that people can act on without a stack, secrets masked.</summary>
partial class Build
{
    static Build() => Redaction.Added += MaskSecret;

    static CancellationToken Cancel => Cancellation;

    protected override int ExitCodeOf(Exception exception) => exception is ConfigurationException ? 2 : 1;

    protected override string Describe(Exception exception) => exception is RunnerBuildException ? exception.Message : null;

    /// <summary>The engine's codes are the documented ones.</summary>
    static int FailureCode(int code) => code;
}
