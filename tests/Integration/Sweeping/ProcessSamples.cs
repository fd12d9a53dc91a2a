using System.Globalization;
using System.Text;

namespace Integration.Sweeping;

/// <summary>
/// Looks at the command line and the environment of every process, ten times a second and whenever it is told to. The machines of the lab
/// are containers, so that their processes, and those of the containers in them, are in this machine's list as well.
/// </summary>
internal sealed class ProcessSamples : IAsyncDisposable
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(100);
    private static readonly string[] Places = ["cmdline", "environ"];

    private readonly Lock _gate = new();
    private readonly byte[][] _secrets;
    private readonly byte[] _known;
    private readonly CancellationTokenSource _ending = new();
    private readonly Task _sampling;

    /// <param name="known">Something that some process must show while a run works on a machine, to see that its processes are looked at.</param>
    public ProcessSamples(IEnumerable<string> secrets, string known)
    {
        _secrets = [.. secrets.Select(Encoding.UTF8.GetBytes)];
        _known = Encoding.UTF8.GetBytes(known);
        _sampling = Task.Run(SampleAsync);
    }

    public int Samples { get; private set; }

    public bool SawKnown { get; private set; }

    /// <summary>What showed a secret: the file, and the program's name.</summary>
    public HashSet<string> Found { get; } = [];

    public void Take()
    {
        lock (_gate)
        {
            foreach (var process in Directory.EnumerateDirectories("/proc").Where(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out _)))
            {
                foreach (var place in Places)
                    Look(process, place);
            }

            Samples++;
        }
    }

    private async Task SampleAsync()
    {
        while (!_ending.IsCancellationRequested)
        {
            Take();
            await Task.Delay(Pause, CancellationToken.None);
        }
    }

    private void Look(string process, string place)
    {
        try
        {
            var text = File.ReadAllBytes(Path.Combine(process, place)).AsSpan();
            SawKnown |= text.IndexOf(_known) >= 0;
            foreach (var secret in _secrets)
            {
                if (text.IndexOf(secret) >= 0)
                    Found.Add($"{Path.Combine(process, place)} of {File.ReadAllText(Path.Combine(process, "comm")).Trim()}");
            }
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It ended meanwhile.
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _ending.CancelAsync();
        await _sampling;
        _ending.Dispose();
    }
}
