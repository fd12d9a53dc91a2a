using Lab.Tests;
using RunnerBuild.Config;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Config;

/// <summary>What the programs that a run starts on this machine get of its secrets.</summary>
public sealed class Children
{
    [Theory]
    [InlineData("RBCF_GITHUB_TOKEN", "x", "")]
    [InlineData("RBCF_MY_PASSWORD", "x", "")]
    [InlineData("RBCF_PLAIN", "value-that-is-known-as-secret", "")]
    [InlineData("RBCF_PLAIN_TOO", "ordinary", "ordinary")]
    public async Task Secrets_of_the_environment_are_not_inherited(string name, string value, string seen)
    {
        _ = new Secret("value-that-is-known-as-secret");
        Environment.SetEnvironmentVariable(name, value);
        (await LocalProcess.RunAsync("sh", ["-c", $"printf '%s' \"${name}\""], "/", null, TestContext.Current.CancellationToken)).Output.Trim().ShouldBe(seen);
    }

    [Fact]
    public async Task A_secret_is_fetched_once_however_many_ask()
    {
        using var folder = new TemporaryFolder();
        var asked = folder.At("asked");
        var store = new SecretStore(new Dictionary<string, string>());
        var command = new SecretReference.FromCommand($"echo x >>{asked}; echo the-secret");
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => store.FetchAsync(command, TestContext.Current.CancellationToken)));
        File.ReadAllLines(asked).Length.ShouldBe(1);
    }
}
