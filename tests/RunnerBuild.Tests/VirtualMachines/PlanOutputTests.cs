using System.Text.Json;
using RunnerBuild.Planning;
using RunnerBuild.Terminal;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A plan as people and as programs see it.</summary>
public sealed class PlanOutputTests
{
    private static readonly IReadOnlyList<Change> Changes =
        VirtualMachinePlan.Diff(Wanted, Converged.With("memory", "4096").With("tags", null).With("scsi0", "local-lvm:vm-250-disk-0,size=64G"));

    [Fact]
    public void An_attribute_is_a_line_that_says_what_a_restart_is_needed_for_and_what_cannot_be()
    {
        var output = new StringWriter();
        new Report(output, color: false, verbose: false).Plan("CreateVm", "west", Changes);

        var lines = output.ToString().Split('\n').Select(line => line["west  ".Length..].TrimEnd()).TakeWhile((_, index) => index < 3).ToList();

        lines.ShouldBe(
        [
            "+ vm/250  tags  (none) -> ci;runnerbuild",
            "~ vm/250  memory  4096 -> 65536  (needs a restart)",
            "! vm/250  scsi0  64G -> 40G  (cannot shrink)",
        ]);
    }

    [Fact]
    public void Programs_get_the_same_as_json()
    {
        var report = new Report(TextWriter.Null, color: false, verbose: false);
        report.Plan("CreateVm", "west", Changes);

        var plan = JsonDocument.Parse(PlanJson.Of(report.Planned)).RootElement;

        plan.GetArrayLength().ShouldBe(3);
        plan[1].GetProperty("resource").GetString().ShouldBe("vm/250");
        plan[1].GetProperty("action").GetString().ShouldBe("change");
        (plan[1].GetProperty("from").GetString(), plan[1].GetProperty("to").GetString(), plan[1].GetProperty("note").GetString()).ShouldBe(("4096", "65536", "needs a restart"));
        plan[1].GetProperty("steps")[0].GetString().ShouldBe("setting of memory of VM 250 on node005");
        plan[2].GetProperty("action").GetString().ShouldBe("refused");
        plan[2].GetProperty("refusal").GetString().ShouldNotBeNull().ShouldContain("cannot shrink");
    }

    [Fact]
    public void Case_46_a_secret_in_a_value_is_masked()
    {
        var report = new Report(TextWriter.Null, color: false, verbose: false);
        _ = new Secret("a-secret-that-ended-up-in-a-tag");
        report.Plan("CreateVm", "west", [new("vm/250", "tags", null, "a-secret-that-ended-up-in-a-tag", [])]);

        PlanJson.Of(report.Planned).ShouldNotContain("a-secret-that");
    }
}
