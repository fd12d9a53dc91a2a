using Supervisor.Evidence;

namespace Supervisor.Tests.Evidence;

public sealed class JobIdentityTests
{
    [Fact]
    public void The_hooks_file_says_which_job_it_was() =>
        JobIdentity.Parse("GITHUB_REPOSITORY=acme/widgets\nGITHUB_WORKFLOW=build = test\nGITHUB_RUN_ID=12345678901\nGITHUB_RUN_ATTEMPT=2\nGITHUB_EVENT_NAME=push\nX=y\n")
            .ShouldBe(new JobIdentity("acme/widgets", "build = test", 12345678901, 2, "push"));

    [Theory]
    [InlineData("")]
    [InlineData("GITHUB_REPOSITORY\n=\n==\n")]
    [InlineData("GITHUB_REPOSITORY=acme/widgets/../../user\nGITHUB_RUN_ID=-1\nGITHUB_RUN_ATTEMPT=1e9")]
    [InlineData("GITHUB_REPOSITORY=../x\nGITHUB_RUN_ID=99999999999999999999")]
    [InlineData("GITHUB_REPOSITORY=acme/..\n")]
    [InlineData("GITHUB_REPOSITORY=acme/widgets?x=y\n")]
    public void What_a_job_forged_is_not_taken(string text) =>
        JobIdentity.Parse(text).ShouldSatisfyAllConditions(job => job.Repository.ShouldBeNull(), job => job.RunAttempt.ShouldBeNull());

    [Fact]
    public void Nothing_of_it_can_steer_a_terminal_or_fill_the_history() =>
        JobIdentity.Parse($"GITHUB_WORKFLOW=\u001b[2Jx{new string('y', 8000)}").Workflow.ShouldBe("[2Jx" + new string('y', 196));
}
