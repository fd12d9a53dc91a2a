namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Real time, told and waited for many times as fast.</summary>
internal sealed class HurriedTime(int haste = 20) : TimeProvider
{
    public override long GetTimestamp() => base.GetTimestamp() * haste;

    public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
        base.CreateTimer(callback, state, dueTime > TimeSpan.Zero ? dueTime / haste : dueTime, period);
}
