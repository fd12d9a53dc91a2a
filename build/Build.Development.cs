using Nuke.Common;

/// <summary>Targets for contributors.</summary>
partial class Build
{
    Target Test => _ => _
        .Description("Compile everything and run all tests; Docker is set up when it is missing")
        .Executes(() => new TestRun(RootDirectory).ExecuteAsync(Cancel));

    Target Benchmark => _ => _
        .Description("Figures of the supervisor on a host of a lab of its own; takes about a quarter of an hour")
        .Executes(() => new TestRun(RootDirectory).BenchmarkAsync(Cancel));
}
