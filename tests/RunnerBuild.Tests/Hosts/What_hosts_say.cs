using RunnerBuild.Facts;
using RunnerBuild.Operating;
using RunnerBuild.Terminal;

namespace RunnerBuild.Tests.Hosts;

public sealed class What_hosts_say
{
    private const string Answer = """
        {"version":1,"build":"b","configuration":"c","problem":"GitHub's list does not add up.","slots":[
          {"name":"s-1","pool":"p","state":"Idle","labels":[]},{"name":"s-2","pool":"p","state":"Parked","labels":[],"reason":"No image."}]}
        """;

    [Fact]
    public void What_is_wrong_beside_the_slots_is_shown_with_them()
    {
        var status = SupervisorStatus.Parse(Answer)!;
        HostReport[] reports = [new("vm-1", status.Slots, status.Problem)];
        HostReport.Faults(reports).ShouldBe(["vm-1: GitHub's list does not add up.", "vm-1 s-2 is parked: No image."]);
        var output = new StringWriter();
        StatusTable.Write(output, reports, DateTimeOffset.UtcNow, color: false);
        output.ToString().ShouldSatisfyAllConditions(text => text.ShouldContain("GitHub's list does not add up."), text => text.ShouldContain("s-1"), text => text.ShouldNotContain("no answer"));
    }

    [Fact]
    public void A_host_that_does_not_answer_is_one_fault() =>
        HostReport.Faults([new HostReport("vm-1", [], "the supervisor does not answer")]).ShouldBe(["vm-1: the supervisor does not answer"]);
}
