using Lab.GitHub;

namespace Lab;

/// <summary>`lab job`: queues a job, prints its log as it grows and the runner that took it.</summary>
internal sealed class JobCommand(LabFiles files, TextWriter output)
{
    /// <summary>Exit code: the job ended, and its conclusion is not success. That there is no conclusion is another one's to say.</summary>
    public const int OtherConclusion = 3;

    private static readonly TimeSpan Between = TimeSpan.FromMilliseconds(300);

    public async Task<int> RunAsync(string script, IReadOnlyList<string> labels, TimeSpan patience, CancellationToken cancel)
    {
        using var http = new HttpClient { BaseAddress = ControlAddress() };
        try
        {
            var id = await QueueAsync(http, new(script, [.. labels]), cancel);
            return await FollowAsync(http, id, patience, cancel);
        }
        catch (HttpRequestException e)
        {
            throw NotUp($"its server does not answer at {http.BaseAddress} ({e.Message})");
        }
    }

    private Uri ControlAddress() => LabRecord.Read(files.Record) is { } record ? new(record.Control) : throw NotUp($"there is no {files.Record}");

    private static LabException NotUp(string why) => new("The lab is not up.", why + ".", "Bring it up with `./build.sh LabUp`, or `lab up`.");

    private static async Task<long> QueueAsync(HttpClient http, NewJob job, CancellationToken cancel)
    {
        using var response = await http.PostAsJsonAsync(new Uri("jobs", UriKind.Relative), job, cancel);
        if (!response.IsSuccessStatusCode)
            throw new LabException("The job was not queued.", await response.Content.ReadAsStringAsync(cancel), "Correct the job, then queue it again.");
        return (await response.Content.ReadFromJsonAsync<QueuedJob>(cancel))!.Id;
    }

    private async Task<int> FollowAsync(HttpClient http, long id, TimeSpan patience, CancellationToken cancel)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        limit.CancelAfter(patience);
        var last = await LookAsync(http, id, cancel);
        try
        {
            for (var printed = 0; ; printed = last.Log.Length)
            {
                last = await LookAsync(http, id, limit.Token);
                await output.WriteAsync(last.Log[Math.Min(printed, last.Log.Length)..]);
                if (last.Status == "completed")
                    return await ReportAsync(last);
                await Task.Delay(Between, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            await http.DeleteAsync(Address(id), CancellationToken.None);
            cancel.ThrowIfCancellationRequested();
            throw Late(last, patience);
        }
    }

    private async Task<int> ReportAsync(Job job)
    {
        await output.WriteLineAsync($"runner: {job.RunnerName ?? "none"}");
        await output.WriteLineAsync($"conclusion: {job.Conclusion}");
        return job.Conclusion == "success" ? 0 : OtherConclusion;
    }

    private static LabException Late(Job job, TimeSpan patience) => new(
        $"Job {job.Id} did not end within {patience.TotalSeconds:0} seconds, and was cancelled.",
        job.Status == "queued"
            ? $"it is still queued: no idle runner has all of its labels ({string.Join(", ", job.Labels)})."
            : $"it is {job.Status} on {job.RunnerName}.",
        "Look at the runners with `./build.sh Status`, or allow more time with `--timeout SECONDS`.");

    private static async Task<Job> LookAsync(HttpClient http, long id, CancellationToken cancel) =>
        (await http.GetFromJsonAsync<Job>(Address(id), cancel))!;

    private static Uri Address(long id) => new($"jobs/{id}", UriKind.Relative);
}
