using Supervisor.GitHub;
using Supervisor.Tests.Doubles;

namespace Supervisor.Tests.GitHub;

/// <summary>A repository or an organization that was renamed: GitHub redirects to its number, and no client takes its credential along.</summary>
public sealed class MovedScopes : IDisposable
{
    private readonly GitHubDouble github = new() { Fault = call => call.Path.StartsWith("/repos/acme/old/", StringComparison.Ordinal) ? Moved(call) : null };
    private readonly string credentials = Directory.CreateTempSubdirectory("credentials-").FullName;
    private readonly GitHubConnection connection = new(TimeSpan.FromSeconds(5), TimeProvider.System);

    public void Dispose()
    {
        connection.Dispose();
        github.Dispose();
        Directory.Delete(credentials, recursive: true);
    }

    [Fact]
    public async Task The_name_is_to_be_corrected_and_not_the_credential()
    {
        await File.WriteAllTextAsync(Path.Combine(credentials, "c"), """{"token":"the-token"}""", TestContext.Current.CancellationToken);
        var api = new RunnerApi(connection, new Credentials(credentials, new AppTokens(connection, TimeProvider.System)));
        var scope = GitHubScope.Of(github.Address, "repos/acme/old", "c");
        await api.ConfirmAccessAsync(scope with { Path = "repos/acme/new" }, TestContext.Current.CancellationToken);

        foreach (var ask in (Func<Task>[])[() => api.ConfirmAccessAsync(scope, default), () => api.MintAsync(scope, null, "one", ["linux"], default), () => api.DeregisterAsync(scope, 7, default)])
        {
            var fault = await Should.ThrowAsync<GitHubFault>(ask);
            fault.Kind.ShouldBe(FaultKind.Denied);
            fault.Message.ShouldStartWith("What the fleet names has moved: ");
            fault.Message.ShouldContain("/repositories/42/");
            fault.Message.ShouldEndWith("Put its new name into the fleet and run DeployRunners.");
        }
    }

    // As api.github.com does: 301 where asking again is harmless, 307 else.
    private static Answer Moved(Call call) => new(
        call.Method == "GET" ? 301 : 307, """{"message":"Moved Permanently"}""", new() { ["Location"] = $"/api/v3{call.Path.Replace("/repos/acme/old/", "/repositories/42/", StringComparison.Ordinal)}" });
}
