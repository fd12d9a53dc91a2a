using System.Globalization;
using System.Text;
using System.Text.RegularExpressions;
using Supervisor.Docker;
using Supervisor.Slots;

namespace Supervisor.Evidence;

/// <summary>Which job it was, as the image's hook wrote it down inside the container when the job began. The job could have changed that: it is shown, and nothing is decided by it.</summary>
internal sealed partial record JobIdentity(string? Repository, string? Workflow, long? RunId, int? RunAttempt, string? Event)
{
    // runner-image/job-started.sh writes it.
    private const string Path = "/home/runner/_diag/job-started.env";
    private const int Longest = 8192;

    /// <returns>Null when the container has none.</returns>
    public static async Task<JobIdentity?> ReadAsync(DockerEngine engine, string container, CancellationToken cancel)
    {
        try
        {
            return await engine.ReadFileAsync(container, Path, Longest, cancel) is { } bytes ? Parse(Encoding.UTF8.GetString(bytes)) : null;
        }
        catch (DockerFault)
        {
            // The history then lacks it; the container must go all the same.
            return null;
        }
    }

    public static JobIdentity Parse(string text)
    {
        var values = new Dictionary<string, string>();
        foreach (var line in text.Split('\n'))
        {
            if (line.IndexOf('=') is > 0 and var at)
                values.TryAdd(line[..at], RunnerProgress.Readable(line[(at + 1)..]));
        }
        string? Text(string name) => values.GetValueOrDefault(name) is { Length: > 0 } value ? value : null;
        T? Number<T>(string name) where T : struct, ISpanParsable<T> => T.TryParse(Text(name), CultureInfo.InvariantCulture, out var number) ? number : null;

        return new JobIdentity(
            Text("GITHUB_REPOSITORY") is { } repository && RepositoryName().IsMatch(repository) ? repository : null,
            Text("GITHUB_WORKFLOW"), Number<long>("GITHUB_RUN_ID"), Number<int>("GITHUB_RUN_ATTEMPT"), Text("GITHUB_EVENT_NAME"));
    }

    // It becomes part of an address: no '..' and nothing that has a meaning there.
    [GeneratedRegex(@"^(?!\.+/)[A-Za-z0-9_.-]+/(?!\.+$)[A-Za-z0-9_.-]+$")]
    private static partial Regex RepositoryName();
}
