namespace Lab.Tests.Setup;

public class CommandLineTests
{
    [Theory]
    [InlineData("up", "Option '--state' is required")]
    [InlineData("nonsense", "nonsense")]
    [InlineData("up --state /tmp/x --bogus", "--bogus")]
    [InlineData("up --state /tmp/x --subnet 10.0.0.0/33", "--subnet should be an IPv4 network")]
    [InlineData("up --state /tmp/x --subnet fd00::/64", "--subnet should be an IPv4 network")]
    [InlineData("up --state /tmp/x --subnet 10.0.0.0/30", "--subnet should be an IPv4 network")]
    [InlineData("up --state /tmp/x --github-port 65536", "--github-port should be 1 to 65535, is 65536")]
    [InlineData("up --state /tmp/x --proxmox-port many", "many")]
    [InlineData("up --state /tmp/x --name Upper", "--name should be")]
    [InlineData("job --state /tmp/x", "Option '--script' is required")]
    [InlineData("job --state /tmp/x --script true --timeout 0", "--timeout should be")]
    public async Task Wrong_usage_exits_with_2_and_says_what_is_wrong(string arguments, string message)
    {
        var result = await LabProgram.RunAsync(arguments.Split(' '), TestContext.Current.CancellationToken);

        result.ExitCode.ShouldBe(2);
        result.Error.ShouldContain(message);
        result.Error.ShouldContain("lab --help");
        result.Output.ShouldBeEmpty();
    }

    [Fact]
    public async Task A_job_without_a_lab_says_how_to_bring_it_up()
    {
        var state = Path.Combine(Path.GetTempPath(), $"no-lab-{Guid.NewGuid():n}");
        var result = await LabProgram.RunAsync(["job", "--state", state, "--script", "true"], TestContext.Current.CancellationToken);

        result.ExitCode.ShouldBe(1);
        result.Error.ShouldContain("The lab is not up");
        result.Error.ShouldContain("lab up");
    }
}
