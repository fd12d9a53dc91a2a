using Nuke.Tests;
using Xunit.MicrosoftTestingPlatform;
using Xunit.Runner.InProc.SystemConsole;

[assembly: Xunit.v3.Parallelization(Mode = Xunit.Sdk.ParallelMode.None)]

return Environment.GetEnvironmentVariable(BuildProcess.Variable) switch
{
    nameof(Build) => Build.Main(),
    nameof(ListingBuild) => ListingBuild.Start(),
    _ when args.Any(x => x is "--server" or "--internal-msbuild-node") =>
        await TestPlatformTestFramework.RunAsync(args, SelfRegisteredExtensions.AddSelfRegisteredExtensions),
    _ => await ConsoleRunner.Run(args),
};
