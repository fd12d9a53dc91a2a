using Nuke.Common;

/// <summary>Targets for contributors.</summary>
partial class Build
{
    Target Test => _ => _
        .Description("Compile everything and run all tests; Docker is set up when it is missing")
        .Executes(() => new TestRun(RootDirectory).ExecuteAsync(Cancel));
}
