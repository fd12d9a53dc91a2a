using RunnerBuild.Config;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Config;

public sealed class SecretStores
{
    private static readonly SecretStore Store = new(new Dictionary<string, string> { ["RBCF_GIVEN"] = "given-secret" });

    [Fact]
    public async Task What_was_given_goes_before_the_environment()
    {
        Environment.SetEnvironmentVariable("RBCF_GIVEN", "from-environment");
        Environment.SetEnvironmentVariable("RBCF_SET", "from-environment\n");

        (await FetchAsync(new SecretReference.FromEnvironment("RBCF_GIVEN"))).ShouldBe("given-secret");
        (await FetchAsync(new SecretReference.FromEnvironment("RBCF_SET"))).ShouldBe("from-environment");
    }

    [Fact]
    public async Task A_file_is_read_without_the_white_space_around_it()
    {
        using var folder = new FleetFolder();

        (await FetchAsync(new SecretReference.FromFile(folder.Write("token", "  file-secret\r\n")))).ShouldBe("file-secret");
    }

    [Fact]
    public async Task A_command_gives_what_it_prints() =>
        (await FetchAsync(new SecretReference.FromCommand("printf 'command-%s\\n' secret; echo noise >&2"))).ShouldBe("command-secret");

    [Fact]
    public async Task A_command_that_fails_tells_how_it_ended_and_nothing_of_what_it_wrote()
    {
        var error = await Should.ThrowAsync<RunnerBuildException>(() =>
            FetchAsync(new SecretReference.FromCommand("echo half-a-sec$((1))ret; echo locked >&2; exit 7")));

        error.Why.ShouldBe("It exited with 7; what it wrote is not shown.");
        error.Message.ShouldNotContain("half-a-sec1ret");
    }

    [Theory]
    [InlineData("true")]
    [InlineData("echo")]
    public async Task A_command_that_prints_nothing_is_an_error(string command) =>
        (await Should.ThrowAsync<RunnerBuildException>(() =>
            FetchAsync(new SecretReference.FromCommand(command)))).Why.ShouldContain("printed nothing");

    [Fact]
    public async Task What_is_not_there_is_named()
    {
        using var folder = new FleetFolder();
        var missing = Path.Combine(folder.Path, "missing");
        var empty = folder.Write("empty", "\n");

        (await Should.ThrowAsync<RunnerBuildException>(() =>
            FetchAsync(new SecretReference.FromEnvironment("RBCF_UNSET")))).Fix.ShouldContain("export RBCF_UNSET=");
        (await Should.ThrowAsync<RunnerBuildException>(() =>
            FetchAsync(new SecretReference.FromFile(missing)))).What.ShouldContain(missing);
        (await Should.ThrowAsync<RunnerBuildException>(() =>
            FetchAsync(new SecretReference.FromFile(folder.Path)))).What.ShouldContain(folder.Path);
        (await Should.ThrowAsync<RunnerBuildException>(() =>
            FetchAsync(new SecretReference.FromFile(empty)))).What.ShouldContain("is empty");
    }

    [Fact]
    public async Task A_command_ends_when_the_run_does()
    {
        using var cancel = new CancellationTokenSource(TimeSpan.FromMilliseconds(300));
        var clock = System.Diagnostics.Stopwatch.StartNew();

        await Should.ThrowAsync<OperationCanceledException>(() =>
            Store.FetchAsync(new SecretReference.FromCommand("sleep 30"), cancel.Token));
        clock.Elapsed.ShouldBeLessThan(TimeSpan.FromSeconds(10));
    }

    private static async Task<string> FetchAsync(SecretReference reference)
    {
        var secret = await Store.FetchAsync(reference, TestContext.Current.CancellationToken);
        secret.ToString().ShouldBe("***");
        return secret.Reveal();
    }
}
