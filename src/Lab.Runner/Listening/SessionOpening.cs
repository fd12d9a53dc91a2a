using System.Net;

namespace Lab.Runner.Listening;

/// <summary>Opens a session: waits for another one's end up to four minutes, and for a service that is away as long as it takes.</summary>
internal sealed class SessionOpening(Broker broker, Diagnostics diagnostics)
{
    private static readonly TimeSpan ConflictPause = TimeSpan.FromSeconds(30);
    private const int ConflictTries = 8;

    public async Task OpenAsync(CancellationToken cancel)
    {
        var retry = new Backoff(diagnostics);
        var conflicts = 0;
        while (true)
        {
            var answer = await TryAsync(cancel);
            if (answer.Good)
            {
                retry.Reset();
                return;
            }
            if (answer.Status == HttpStatusCode.Conflict)
                await WaitForOtherAsync(++conflicts, cancel);
            else if ((int)answer.Status is >= 400 and < 500 && answer.Status != HttpStatusCode.TooManyRequests)
                throw new RunnerFailure($"Failed to create session: {answer}", ExitCode.Terminated);
            else
                await retry.WaitAsync(answer.Status == default ? answer.Text : $"{answer}", cancel);
        }
    }

    private async Task<ServiceAnswer> TryAsync(CancellationToken cancel)
    {
        try
        {
            return await broker.OpenAsync(cancel);
        }
        catch (Exception lost) when (lost is HttpRequestException || (lost is OperationCanceledException && !cancel.IsCancellationRequested))
        {
            return new(default, lost.Message);
        }
    }

    private static async Task WaitForOtherAsync(int tries, CancellationToken cancel)
    {
        Console.WriteLine($"{DateTime.UtcNow:u}: A session for this runner already exists.");
        if (tries > ConflictTries)
            throw new RunnerFailure("Failed to create session: another process holds the session of this runner.", ExitCode.SessionConflict);

        await Task.Delay(ConflictPause, cancel);
    }
}
