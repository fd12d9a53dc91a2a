using System.Collections.Immutable;
using RunnerBuild.Config;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Verifying;

namespace RunnerBuild.Operating;

/// <summary>Nightly: RefreshImage, then a look at everything, each in a run of its own, so that what one meets does not hide what the other sees; then the report, and GitHub's issue.</summary>
/// <param name="open">The fleet's site, a new one each time.</param>
internal sealed class NightlyRun(Fleet fleet, Func<Site> open, SecretStore secrets, NightlyReports reports)
{
    public async Task<NightlyReport> RunAsync(CancellationToken cancel)
    {
        var began = TimeProvider.System.GetUtcNow();
        var failures = ImmutableArray.CreateBuilder<NightlyFailure>();
        var refresh = await AttemptAsync("RefreshImage", failures, async site => await new ImageRefresh(site, withoutCanary: false).RunAsync(cancel), report => report.RequirePromoted());
        var archives = fleet.Hosts.Any(host => host.ActionArchives) ? await AttemptAsync("ActionArchives", failures, site => new ActionArchives(site).RunAsync(cancel), _ => { }) : null;
        var checks = await AttemptAsync("Verify", failures, site => Verification.RunAsync(site, onlyLook: true, cancel), Verification.RequireGood);
        return await TellAsync(new NightlyReport(Name, began, TimeProvider.System.GetUtcNow(), refresh, [.. checks ?? []], failures.ToImmutable()) { Archives = archives }, cancel);
    }

    private string Name => Path.GetFileNameWithoutExtension(fleet.File);

    private async Task<T?> AttemptAsync<T>(string target, ImmutableArray<NightlyFailure>.Builder failures, Func<Site, Task<T>> work, Action<T> require) where T : class
    {
        T? result = null;
        try
        {
            await using var site = open();
            result = await work(site);
            require(result);
        }
        catch (RunnerBuildException fault)
        {
            failures.Add(NightlyFailure.Of(target, fault));
        }
        catch (Exception fault) when (fault is not OperationCanceledException)
        {
            failures.Add(new NightlyFailure(target, "Something unforeseen happened.", $"{fault}", "This is a defect of RunnerBuild: please report it with these lines."));
        }

        return result;
    }

    /// <summary>The report is kept before GitHub is asked, and says whether GitHub could be told.</summary>
    private async Task<NightlyReport> TellAsync(NightlyReport report, CancellationToken cancel)
    {
        reports.Save(report);
        if (fleet.Nightly?.Issues is not { } scope)
            return report;
        try
        {
            await new FailureIssue(new GitHubApi(new Uri(scope.Api), await new GitHubAccess(secrets).TokenAsync(scope, cancel, TokenUse.Issues)), scope, Name).TellAsync(report, cancel);
            return report;
        }
        catch (RunnerBuildException fault)
        {
            var untold = report with { Failures = report.Failures.Add(NightlyFailure.Of("Telling GitHub", fault)) };
            reports.Save(untold);
            return untold;
        }
    }
}
