using Nuke.Common;
using Serilog;

namespace Nuke.Tests;

/// <summary>A build without a default target, as the project's own is.</summary>
internal sealed class ListingBuild : NukeBuild
{
    [Parameter("How many")] private readonly int Count = 1;
    [Parameter("Marks", Separator = ","), PairsOf(nameof(Show))] private readonly string[] Marks = [];
    [Parameter("Only look")] private readonly bool DryRun;
    [Parameter("A key"), Secret] private readonly string? ApiKey;
    [Parameter("A pin"), Secret] private readonly int Pin;
    [Parameter("How long")] private readonly double? Ratio;

    private Target Prepare => _ => _
        .Description("Makes ready")
        .Executes(() => Log.Information("prepared"));

    private Target Show => _ => _
        .Description("Shows the parameters")
        .DependsOn(Prepare)
        .Executes(() => Log.Information("count {Count} marks {Marks} dry {DryRun} ratio {Ratio} key {ApiKey} pin {Pin}", Count, Marks, DryRun, Ratio, ApiKey, Pin));

    private Target Slow => _ => _
        .DependsOn(Prepare)
        .Executes(async () =>
        {
            Log.Information("waiting");
            await Task.Delay(TimeSpan.FromMinutes(1), Cancellation);
        });

    private Target Deaf => _ => _
        .Executes(() =>
        {
            Log.Information("waiting");
            Thread.Sleep(TimeSpan.FromMinutes(1));
        });

    private Target Later => _ => _
        .DependsOn(Slow)
        .Executes(() => Log.Information("later"));

    private Target TidyUp => _ => _
        .AssuredAfterFailure()
        .TriggeredBy(Slow, Deaf)
        .Executes(() => Log.Information("tidied up, cancelled: {Cancelled}", Cancellation.IsCancellationRequested));

    public static int Start() => Execute<ListingBuild>();
}
