using System.Security.Cryptography;
using Lab.Tests.GitHub;
using RunnerBuild.Config;
using RunnerBuild.Operating;
using RunnerBuild.Remote;
using RunnerBuild.Terminal;
using RunnerBuild.Tests.Config;
using static RunnerBuild.Tests.VirtualMachines.Samples;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>A host that lets nobody in any more goes back to its snapshot; whether it still runs a job, GitHub says.</summary>
public sealed class RollbackTests : IAsyncLifetime
{
    private const string Runner = "gh-runner-01-1-abcdefghijkl";

    private readonly Greeter _ssh = new();
    private readonly string _folder = Directory.CreateTempSubdirectory("rollback-").FullName;
    private Cluster _cluster = null!;
    private DoubleServer _server = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _cluster = await Cluster.StartAsync();
        _server = await DoubleServer.StartAsync();
        using var key = RSA.Create(2048);
        await File.WriteAllTextAsync(Path.Combine(_folder, "id"), key.ExportRSAPrivateKeyPem(), Cancel);
        await _cluster.RunAsync(Samples.Host, Cancel);
        await _cluster.Snapshots(Samples.Host).TakeAsync("before BootstrapHost: docker.io", _cluster.Told, Cancel);
        _cluster.Wire.Forget();
    }

    [Fact]
    public async Task A_host_that_does_not_answer_goes_back()
    {
        await RollBackAsync();

        _cluster.Writes[^1].Path.ShouldEndWith("/rollback");
    }

    [Fact]
    public async Task It_does_not_for_as_long_as_GitHub_says_that_a_runner_of_it_has_a_job()
    {
        using var runner = new BrokerCaller(_server.Url, await _server.MintAsync(Runner));
        await runner.TokenAsync();
        await runner.OpenAsync();
        _server.GitHub.QueueJob("true");
        (await runner.AcquireAsync(await BrokerCaller.RequestAsync(await runner.PollAsync(Cancel)))).EnsureSuccessStatusCode();

        (await Should.ThrowAsync<RunnerBuildException>(RollBackAsync())).Why.ShouldContain($"{Runner} on 127.0.0.1 still have jobs");

        _cluster.Writes.ShouldBeEmpty();
    }

    [Fact]
    public async Task It_does_not_from_a_job_of_its_own()
    {
        await _server.MintAsync(Runner);

        (await Should.ThrowAsync<RunnerBuildException>(RollBackAsync(Runner))).Why.ShouldContain("is not rolled back");

        _cluster.Writes.ShouldBeEmpty();
    }

    private async Task RollBackAsync(string? own = null)
    {
        var scope = new GitHubScope(ScopeKind.Organization, "acme", new Uri(_server.Url), new GitHubCredential.Token(new SecretReference.FromEnvironment("GITHUB_TOKEN")));
        var host = HostOf(Spec) with { Ssh = new("127.0.0.1", _ssh.Port, "runner-admin", Path.Combine(_folder, "id"), null, [$"SHA256:{new string('A', 43)}"]), Pools = [Hosts.Samples.Pool with { Scope = scope }] };
        var fleet = Fleets.Read(Fleets.Smallest) with { Proxmox = _cluster.Wire.Endpoint(), Hosts = [host] };
        var secrets = new SecretStore(new Dictionary<string, string> { ["PROXMOX_TOKEN"] = Wire.TokenSecret, ["GITHUB_TOKEN"] = DoubleServer.AdminToken });
        await using var site = new Site(fleet, new RunOptions("", [], false, null) { Timeout = TimeSpan.Zero, Runner = own }, secrets, new Report(TextWriter.Null, false, false));
        await VirtualMachineRollback.RunAsync(site, Cancel);
    }

    public async ValueTask DisposeAsync()
    {
        _ssh.Dispose();
        await _cluster.DisposeAsync();
        await _server.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
