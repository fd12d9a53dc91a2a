using RunnerBuild.Verifying;

namespace RunnerBuild.Tests.Verifying;

/// <summary>When a Verify ends well.</summary>
public class Verdicts
{
    private static Check Good { get; } = Check.Of("h", "disk", true, "fine");

    [Fact]
    public void What_is_unproved_is_not_wrong() => Verification.RequireGood([Good, new Check("h", "canary", Verdict.Unproved, "none")]);

    [Fact]
    public void Anything_wrong_is_an_error_that_names_it()
    {
        var fault = Should.Throw<RunnerBuildException>(() => Verification.RequireGood([Good, Check.Of("h", "clock", false, "late"), Check.Of(null, "fleet", false, "odd")]));
        fault.What.ShouldBe("2 of 3 checks found something wrong.");
        fault.Why.ShouldBe("h clock: late\n fleet: odd");
    }
}
