using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Operating;
using RunnerBuild.Remote;
using RunnerBuild.Terminal;
using RunnerBuild.Tests.Config;
using RunnerBuild.Tests.Hosts;

namespace RunnerBuild.Tests.Nights;

/// <summary>A timer has nobody's environment.</summary>
public sealed class Secrets_at_night : IDisposable
{
    private readonly FleetFolder _folder = new();
    private readonly StringWriter _told = new();

    [Fact]
    public async Task A_secret_of_the_environment_needs_a_file_that_root_alone_reads()
    {
        var fault = await Should.ThrowAsync<RunnerBuildException>(RequireAsync("env: GITHUB_TOKEN", Samples.BareMachine));
        fault.What.ShouldBe("A timer has no GITHUB_TOKEN.");
        fault.Fix.ShouldContain("install -m 600");
        fault.Fix.ShouldContain("file: PATH");
    }

    [Fact]
    public async Task That_file_is_refused_while_others_can_read_it()
    {
        var units = new NightlyUnits(Path.Combine(_folder.Path, "fleet.yml"));
        var facts = Samples.BareMachine.WithFile(units.Secrets, new FileFact(FileKind.File, "0640", "root:root", "", 0));
        (await Should.ThrowAsync<RunnerBuildException>(RequireAsync("env: GITHUB_TOKEN", facts))).Fix.ShouldContain("chmod 600");
    }

    [Fact]
    public async Task A_file_must_be_there_and_a_command_is_named()
    {
        (await Should.ThrowAsync<RunnerBuildException>(RequireAsync("file: not-there", Samples.BareMachine))).What.ShouldContain("not-there");
        _folder.Write("token", "ghp_1234567890");
        await RequireAsync("file: token", Samples.BareMachine);
        _told.ToString().ShouldBeEmpty();
        await RequireAsync("command: op read it", Samples.BareMachine);
        _told.ToString().ShouldContain("`op read it` will be run by root");
    }

    [Fact]
    public void An_environment_file_is_read_as_systemd_does()
    {
        var file = _folder.Write("x.env", "# no\nA=1\n B = \"two words\" \n; C=3\nD=\nE='it''s'\n\nA=last\n");
        EnvironmentFile.Read(file).OrderBy(pair => pair.Key, StringComparer.Ordinal).Select(pair => $"{pair.Key}={pair.Value}").ShouldBe(["A=last", "B=two words", "E=it''s"]);
        EnvironmentFile.Read(file + ".not").ShouldBeEmpty();
    }

    private Task RequireAsync(string credential, HostFacts facts)
    {
        var fleet = _folder.Read($$"""
            github: { org: acme, credential: { {{credential}} } }
            hosts: { one: { address: one.home.arpa } }
            nightly: {}
            """);
        return NightlySecrets.RequireAsync(fleet, new NightlyUnits(fleet.File), facts, new Report(_told, color: false, verbose: false), TestContext.Current.CancellationToken);
    }

    public void Dispose()
    {
        _folder.Dispose();
        _told.Dispose();
    }
}
