using System.Security.Cryptography;
using System.Text;
using Nuke.Common.IO;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>.nuke/temp/build-attempt.log: what was asked for, and the targets that succeeded, for a run with --continue to leave out.</summary>
internal sealed class Attempt
{
    private readonly AbsolutePath _file;
    private readonly HashSet<string> _succeeded = [];
    private readonly Lock _lock = new();

    /// <param name="essence">The request; another one begins anew.</param>
    public Attempt(AbsolutePath directory, string essence, bool isContinued)
    {
        _file = directory / "build-attempt.log";
        var hash = Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(essence)));
        if (isContinued && _file.FileExists())
        {
            var before = _file.ReadAllLines();
            if (before.FirstOrDefault() == hash)
                _succeeded = [.. before.Skip(1)];
            else
                Log.Warning("Build invocation changed. Restarting ...");
        }

        Write(() => _file.WriteAllLines(_succeeded.Prepend(hash)));
    }

    public bool HasSucceeded(ExecutableTarget target) => _succeeded.Contains(target.Name);

    public void Add(ExecutableTarget target)
    {
        lock (_lock)
            Write(() => _file.AppendAllLines([target.Name]));
    }

    // Without the file a run cannot be continued, and that is all.
    private void Write(Action action)
    {
        try
        {
            action();
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Verbose("{File} is not written: {Reason:l}", _file, exception.Message);
        }
    }
}
