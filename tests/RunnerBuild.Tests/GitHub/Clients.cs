using System.Collections.Concurrent;
using Lab.Tests.GitHub;
using Microsoft.Extensions.Time.Testing;
using RunnerBuild.Config;
using RunnerBuild.Remote.GitHub;
using Supervisor.GitHub;

namespace RunnerBuild.Tests.GitHub;

/// <summary>Both of this project's clients of GitHub, each with a count of the calls that it makes.</summary>
internal sealed class Clients : IDisposable
{
    private readonly string _credentials = Directory.CreateTempSubdirectory("credentials-").FullName;
    private readonly GitHubConnection _connection;
    private readonly Counting _wire = new();

    public Clients(DoubleServer server)
    {
        _connection = new(TimeSpan.FromSeconds(4), SupervisorTime);
        Handler = new(_wire, TimeProvider.System, TimeSpan.FromSeconds(2));
        Controller = new(new Uri($"{server.Url}/api/v3"), new Secret(DoubleServer.AdminToken), Handler);
        File.WriteAllText(Path.Combine(_credentials, "token"), $$"""{"token":"{{DoubleServer.AdminToken}}"}""");
        SupervisorScope = Supervisor.GitHub.GitHubScope.Of($"{server.Url}/api/v3", "orgs/acme", "token");
        SupervisorApi = new(_connection, new Credentials(_credentials, new AppTokens(_connection, TimeProvider.System)));
        Scope = new(ScopeKind.Organization, "acme", new Uri(server.Url), new GitHubCredential.Token(new SecretReference.FromEnvironment("X")));
    }

    public GitHubHandler Handler { get; }

    /// <summary>By which the supervisor keeps to the waits that GitHub asked for.</summary>
    public FakeTimeProvider SupervisorTime { get; } = new(DateTimeOffset.UtcNow);
    public GitHubApi Controller { get; }
    public RunnerBuild.Config.GitHubScope Scope { get; }
    public RunnerApi SupervisorApi { get; }
    public Supervisor.GitHub.GitHubScope SupervisorScope { get; }
    public int Calls => _wire.Calls.Count;

    public void Dispose()
    {
        Handler.Dispose();
        _connection.Dispose();
        Directory.Delete(_credentials, recursive: true);
    }

    private sealed class Counting : DelegatingHandler
    {
        public Counting() : base(new SocketsHttpHandler { AllowAutoRedirect = false })
        {
        }

        public ConcurrentQueue<string> Calls { get; } = [];

        protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
        {
            Calls.Enqueue(request.RequestUri!.AbsolutePath);
            return base.SendAsync(request, cancellationToken);
        }
    }
}
