using System.Security.Cryptography;
using System.Text;
using Octokit;
using RunnerBuild.Config;
using RunnerBuild.Verifying;

namespace RunnerBuild.Remote.GitHub;

/// <summary>
/// One issue that is open for as long as the nights are not good: its body is the last report, and a comment says when it is something else that fails. It is known by
/// its label, which only those can give who may also close it, and by a line that people do not see.
/// </summary>
internal sealed class FailureIssue(GitHubApi api, GitHubScope scope, string fleet)
{
    public const string Label = "runnerbuild-nightly";

    private string Owner => scope.Name.Split('/')[0];
    private string Name => scope.Name.Split('/')[1];
    private string Mark => $"<!-- runnerbuild-nightly {fleet} ";

    /// <returns>What was done, for people; null: nothing had to be.</returns>
    public Task<string?> TellAsync(NightlyReport report, CancellationToken cancel) => AskAsync(
        async () =>
        {
            var open = await FindAsync();
            if (report.Good)
                return open is null ? null : await CloseAsync(open, report);
            return open is null ? await OpenAsync(report) : await UpdateAsync(open, report);
        },
        cancel);

    /// <summary>Errors: <see cref="RunnerBuildException"/> when the credential cannot see the repository's issues.</summary>
    public Task LookAsync(CancellationToken cancel) => AskAsync(FindAsync, cancel);

    private async Task<Issue?> FindAsync()
    {
        var request = new RepositoryIssueRequest { State = ItemStateFilter.Open };
        request.Labels.Add(Label);
        return (await api.Client.Issue.GetAllForRepository(Owner, Name, request)).Where(issue => issue.Body?.Contains(Mark, StringComparison.Ordinal) == true).MinBy(issue => issue.Number);
    }

    private async Task<string?> OpenAsync(NightlyReport report)
    {
        var issue = new NewIssue($"The nightly run of {fleet} fails") { Body = Body(report) };
        issue.Labels.Add(Label);
        var made = await api.Client.Issue.Create(Owner, Name, issue);
        // GitHub leaves out labels that the credential may not give, without a word; then each night would open another issue.
        return made.Labels.Any(label => label.Name == Label) ? $"opened {made.HtmlUrl}" : throw new RunnerBuildException(
            $"{made.HtmlUrl} was opened without its label.", $"The credential for {scope.Name} may write issues and not label them, so the next night would not find this one.",
            $"Give its owner the right to push to {scope.Name} (GitHub's condition for labels), and add the label {Label} to that issue.");
    }

    private async Task<string?> UpdateAsync(Issue open, NightlyReport report)
    {
        var isNews = open.Body?.Contains($"{Mark}{Fingerprint(report)} -->", StringComparison.Ordinal) != true;
        await api.Client.Issue.Update(Owner, Name, open.Number, new IssueUpdate { Body = Body(report) });
        if (isNews)
            await api.Client.Issue.Comment.Create(Owner, Name, open.Number, $"It is something else that fails now.\n\n{NightlyText.Of(report)}");
        return $"updated {open.HtmlUrl}";
    }

    private async Task<string?> CloseAsync(Issue open, NightlyReport report)
    {
        await api.Client.Issue.Comment.Create(Owner, Name, open.Number, $"It works again.\n\n{NightlyText.Of(report)}");
        await api.Client.Issue.Update(Owner, Name, open.Number, new IssueUpdate { State = ItemState.Closed });
        return $"closed {open.HtmlUrl}";
    }

    private string Body(NightlyReport report) => $"{Mark}{Fingerprint(report)} -->\n{NightlyText.Of(report)}\nThe next good night closes this issue.\n";

    /// <summary>Of what fails, not of the numbers and times in its reasons.</summary>
    private static string Fingerprint(NightlyReport report)
    {
        var bad = report.Checks.Where(check => check.Verdict == Verdict.Bad).Select(check => $"{check.Host} {check.Subject}");
        var all = string.Join('\n', report.Failures.Select(failure => $"{failure.Target} {failure.What}").Concat(bad).Order(StringComparer.Ordinal));
        return Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(all)))[..12];
    }

    private async Task<T> AskAsync<T>(Func<Task<T>> ask, CancellationToken cancel)
    {
        try
        {
            return await ask();
        }
        catch (ApiException fault) when ((int)fault.StatusCode is 403 or 404 or 410 && fault is not (RateLimitExceededException or AbuseException or SecondaryRateLimitExceededException))
        {
            throw new RunnerBuildException(
                $"The issues of {scope.Name} cannot be used.", $"GitHub answers {(int)fault.StatusCode} {fault.Message}",
                "Check `nightly.issues`, that the repository has issues, and that the credential has `Issues: read and write` there (classic token: repo); `nightly.github` names another credential.");
        }
        catch (ApiException fault)
        {
            throw GitHubApi.Explain($"issues of {scope.Name}", fault);
        }
        catch (Exception fault) when (GitHubApi.IsNoAnswer(fault, cancel))
        {
            throw GitHubApi.Unreachable(new Uri(scope.Api), fault);
        }
    }
}
