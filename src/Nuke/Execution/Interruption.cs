using System.Runtime.InteropServices;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>Turns the first SIGINT or SIGTERM into an orderly end of the run; a second one ends the process at once.</summary>
internal sealed class Interruption : IDisposable
{
    private readonly TimeSpan _grace;
    private readonly List<PosixSignalRegistration> _registrations;
    private readonly TaskCompletionSource _requested = new(TaskCreationOptions.RunContinuationsAsynchronously);
    private CancellationTokenSource _cancellation = new();
    private bool _isRenewed;

    /// <summary>After the signal a target has <paramref name="grace"/> to end by itself.</summary>
    public Interruption(TimeSpan grace)
    {
        _grace = grace;
        _registrations =
        [
            PosixSignalRegistration.Create(PosixSignal.SIGINT, On),
            PosixSignalRegistration.Create(PosixSignal.SIGTERM, On),
        ];
    }

    public CancellationToken Token => _cancellation.Token;

    /// <summary>130 after SIGINT, 143 after SIGTERM, null without a signal.</summary>
    public int? ExitCode { get; private set; }

    public bool IsRequested => ExitCode != null;

    /// <summary>Runs the action to its end, or leaves it behind when it goes on for too long after a signal.</summary>
    public void Run(Action action)
    {
        var work = Task.Factory.StartNew(action, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        if (!_isRenewed)
        {
            Task.WaitAny(work, _requested.Task);
            if (!Task.WhenAny(work).Wait(_grace))
            {
                Log.Warning("The target did not stop within {Grace:0} s and is left behind", _grace.TotalSeconds);
                throw new OperationCanceledException();
            }
        }

        work.GetAwaiter().GetResult();
    }

    /// <summary>The targets that run from now on get a token that is not cancelled, and all the time they need.</summary>
    public void Renew()
    {
        _isRenewed = true;
        _cancellation = new CancellationTokenSource();
    }

    public void Dispose() => _registrations.ForEach(x => x.Dispose());

    private void On(PosixSignalContext context)
    {
        if (IsRequested)
            return;

        context.Cancel = true;
        ExitCode = context.Signal == PosixSignal.SIGINT ? 130 : 143;
        Log.Warning("{Signal} received: the build is ending; a second one ends it at once", context.Signal.ToString());
        _requested.TrySetResult();
        _ = _cancellation.CancelAsync();
    }
}
