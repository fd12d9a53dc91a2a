using System.Net;
using RunnerBuild.Config;
using RunnerBuild.Remote;

namespace RunnerBuild.Tests.Config;

/// <summary>A fleet of the lab, and a lab that runs already.</summary>
public sealed class Running_lab : IDisposable
{
    private const int Port = 18971;
    private static readonly LabSettings Settings = new("198.18.77.0/24", 18006, 18080, 15000);
    private readonly string _repository = Directory.CreateTempSubdirectory("rb-lab-").FullName;
    private readonly HttpListener _server = new();

    public Running_lab()
    {
        _server.Prefixes.Add($"http://127.0.0.1:{Port}/");
        _server.Start();
        _ = AnswerAsync();
        var state = Directory.CreateDirectory(Path.Combine(_repository, ".nuke", "temp", "lab")).FullName;
        File.WriteAllText(Path.Combine(state, "lab.json"), $$"""
            { "version": "v", "control": "http://127.0.0.1:{{Port}}", "proxmox": "https://127.0.0.1:18006/", "github": "http://198.18.77.1:18080/", "registry": "198.18.77.1:15000", "subnet": "198.18.77.0/24" }
            """);
    }

    [Fact]
    public Task The_same_settings_need_nothing() => new LabProgram(_repository).UpAsync(Settings, null, _ => { }, TestContext.Current.CancellationToken);

    [Fact]
    public async Task Other_settings_are_said_with_the_way_to_have_them()
    {
        var other = Settings with { Subnet = "198.18.99.0/24", RegistryPort = 15001 };
        var fault = await Should.ThrowAsync<RunnerBuildException>(() => new LabProgram(_repository).UpAsync(other, null, _ => { }, TestContext.Current.CancellationToken));
        fault.What.ShouldBe("The lab is up with other settings than the fleet's.");
        fault.Why.ShouldContain("subnet is 198.18.77.0/24, wanted is 198.18.99.0/24");
        fault.Why.ShouldContain("ports/registry is 15000, wanted is 15001");
        fault.Why.ShouldNotContain("ports/github");
        fault.Fix.ShouldContain("./build.sh LabDown");
    }

    private async Task AnswerAsync()
    {
        while (_server.IsListening)
        {
            var context = await _server.GetContextAsync();
            await using var writer = new StreamWriter(context.Response.OutputStream);
            await writer.WriteAsync("""{ "version": "v", "state": "s" }""");
        }
    }

    public void Dispose()
    {
        _server.Close();
        Directory.Delete(_repository, recursive: true);
    }
}
