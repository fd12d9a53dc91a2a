using System.Net.Http.Json;
using Lab.GitHub;

namespace Integration.Running;

/// <summary>The lab's control API: jobs are put in, registrations looked at.</summary>
internal sealed class LabClient(string address) : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(120);

    private readonly HttpClient _http = new() { BaseAddress = new Uri(address) };

    public async Task<Job> RunAsync(string script, params string[] labels) => await EndOfAsync(await QueueAsync(script, labels));

    /// <returns>The job's number.</returns>
    public async Task<long> QueueAsync(string script, params string[] labels)
    {
        using var response = await _http.PostAsJsonAsync("jobs", new { script, labels }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
        return (await response.Content.ReadFromJsonAsync<Queued>(TestContext.Current.CancellationToken))!.Id;
    }

    /// <summary>Waits until a runner works on the job.</summary>
    public Task<Job> StartOfAsync(long id) => Eventually.Async(() => JobAsync(id), job => job.Status == "in_progress", Limit);

    public Task<Job> EndOfAsync(long id, TimeSpan? limit = null) => Eventually.Async(() => JobAsync(id), job => job.Status == "completed", limit ?? Limit);

    public async Task<Job> JobAsync(long id) => (await _http.GetFromJsonAsync<Job>($"jobs/{id}", TestContext.Current.CancellationToken))!;

    /// <returns>The number of the only job of a run.</returns>
    public async Task<long> JobOfAsync(long run) => (await _http.GetFromJsonAsync<Job[]>("jobs", TestContext.Current.CancellationToken))!.Single(job => job.RunId == run).Id;

    public async Task<IReadOnlyList<Runner>> RunnersAsync() =>
        (await _http.GetFromJsonAsync<Runner[]>("github/runners", TestContext.Current.CancellationToken))!;

    /// <summary>Switches a trouble of GitHub's on.</summary>
    public async Task FaultAsync(string name, string value)
    {
        using var response = await _http.PutAsJsonAsync("github/faults", new Dictionary<string, string> { [name] = value }, TestContext.Current.CancellationToken);
        response.EnsureSuccessStatusCode();
    }

    public void Dispose() => _http.Dispose();

    private sealed record Queued(long Id);
}
