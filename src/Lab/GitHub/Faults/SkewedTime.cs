namespace Lab.GitHub.Faults;

/// <summary>GitHub's clock, which the fault `clock-skew` sets apart from everybody else's.</summary>
internal sealed class SkewedTime(TimeProvider real, FaultSwitch faults) : TimeProvider
{
    public override DateTimeOffset GetUtcNow() => real.GetUtcNow() + (faults.Amount(FaultKind.ClockSkew) ?? TimeSpan.Zero);
}
