namespace Lab.Runner.Working;

/// <summary>What the listener says about the running job.</summary>
internal sealed class JobOrders : IDisposable
{
    public const string ShutDownMessage =
        "The runner has received a shutdown signal. This can happen when the runner service is stopped, or a manually started runner is canceled.";

    private readonly CancellationTokenSource _cancel = new();
    private readonly CancellationTokenSource _shutDown = new();
    private bool _stepsAfterCancel;

    /// <summary>Set by a cancellation and by a shutdown.</summary>
    public CancellationToken Cancelled => _cancel.Token;

    public bool ShutDown => _shutDown.IsCancellationRequested;

    public void Cancel() => _cancel.Cancel();

    public void ShutDownNow()
    {
        _shutDown.Cancel();
        _cancel.Cancel();
    }

    /// <summary>What stops the next step: after a cancellation, `always()` steps still run, and only a shutdown stops these.</summary>
    public CancellationToken NextCancellation()
    {
        _stepsAfterCancel |= _cancel.IsCancellationRequested;
        return _stepsAfterCancel ? _shutDown.Token : _cancel.Token;
    }

    public void Dispose()
    {
        _cancel.Dispose();
        _shutDown.Dispose();
    }
}
