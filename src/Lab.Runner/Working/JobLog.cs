using System.Globalization;
using System.Text;

namespace Lab.Runner.Working;

/// <summary>The log of a job and of each of its steps: lines with their time, secrets masked.</summary>
internal sealed class JobLog
{
    private readonly Lock _gate = new();
    private readonly StringBuilder _job = new();
    private readonly List<string> _secrets = [];
    private StringBuilder _step = new();

    /// <summary>Each value, and each of its lines, is shown as `***` from now on.</summary>
    public void Mask(string secret)
    {
        lock (_gate)
            foreach (var part in secret.Split('\n').Append(secret).Select(part => part.Trim()).Where(part => part.Length > 0))
                _secrets.Add(part);
    }

    public void BeginStep()
    {
        lock (_gate)
            _step = new();
    }

    public void Write(string line)
    {
        lock (_gate)
        {
            foreach (var secret in _secrets)
                line = line.Replace(secret, "***", StringComparison.Ordinal);
            var stamped = $"{DateTime.UtcNow.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffff'Z'", CultureInfo.InvariantCulture)} {line}\n";
            _job.Append(stamped);
            _step.Append(stamped);
        }
    }

    public string Job
    {
        get
        {
            lock (_gate)
                return _job.ToString();
        }
    }

    public string Step
    {
        get
        {
            lock (_gate)
                return _step.ToString();
        }
    }
}
