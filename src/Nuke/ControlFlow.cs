#nullable disable
using Nuke.Common.Execution;
using Serilog;

namespace Nuke.Common;

/// <summary>Trying again, and going on in spite of errors.</summary>
public static class ControlFlow
{
    public static void SuppressErrors(Action action, bool includeStackTrace = false, bool logWarning = true) =>
        SuppressErrors<object>(
            () =>
            {
                action();
                return null;
            },
            null, includeStackTrace, logWarning);

    public static T SuppressErrors<T>(Func<T> action, T defaultValue = default, bool includeStackTrace = false, bool logWarning = true)
    {
        try
        {
            return action();
        }
        catch (Exception exception)
        {
            if (logWarning)
                Log.Warning(includeStackTrace ? Failure.Unwrap(exception) : null, "Exception was suppressed: {Message:l}", exception.Message);
            return defaultValue;
        }
    }

    public static void ExecuteWithRetry(Action action, Action cleanup = null, int retryAttempts = 3, TimeSpan? delay = null, Action<string> logAction = null)
    {
        Assert.True(retryAttempts > 0);
        logAction ??= text => Log.Warning("{Text:l}", text);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                action();
                return;
            }
            catch (Exception exception) when (attempt < retryAttempts)
            {
                logAction($"Attempt #{attempt} failed with: {exception.Message}");
                if (delay is { } time)
                {
                    logAction($"Waiting {time} before next attempt...");
                    Thread.Sleep(time);
                }
            }
            catch (Exception exception)
            {
                Assert.Fail($"Execution failed permanently after {retryAttempts} attempts.{Environment.NewLine}Last attempt failed with: {exception.Message}", exception);
            }
            finally
            {
                cleanup?.Invoke();
            }
        }
    }
}
