using Nuke.Common;

/// <summary>Targets for contributors.</summary>
partial class Build
{
    Target Test => _ => _
        .Description("Compile everything and run the tests; Docker is set up when it is missing")
        .Executes(() => new TestRun(RootDirectory).TestAsync(Cancel));

    Target EndToEnd => _ => _
        .Description("Stations of a fleet's life that take minutes each: runs killed at every call, jobs that outlast every change, troubles waited out; about an hour and a half")
        .Executes(() => new TestRun(RootDirectory).EndToEndAsync(Cancel));

    Target Benchmark => _ => _
        .Description("Figures of the supervisor on a host of a lab of its own; takes about a quarter of an hour")
        .Executes(() => new TestRun(RootDirectory).BenchmarkAsync(Cancel));
}
