namespace Lab.Runner.Listening;

/// <summary>Growing pauses while the service cannot be reached, and the lines that tell of it.</summary>
internal sealed class Backoff(Diagnostics diagnostics)
{
    private static readonly TimeSpan Longest = TimeSpan.FromSeconds(30);

    private int _failures;

    public void Reset()
    {
        if (_failures > 0)
            Console.WriteLine($"{DateTime.UtcNow:u}: Runner reconnected.");
        _failures = 0;
    }

    public async Task WaitAsync(string reason, CancellationToken cancel)
    {
        if (_failures++ == 0)
            Console.WriteLine($"{DateTime.UtcNow:u}: Runner connect error: {reason}. Retrying until reconnected.");
        diagnostics.Write($"failure {_failures}: {reason}");
        var pause = TimeSpan.FromSeconds(Math.Min(Math.Pow(2, Math.Min(_failures, 10) - 1), Longest.TotalSeconds));
        await Task.Delay(pause * (0.75 + (Random.Shared.NextDouble() / 2)), cancel);
    }
}
