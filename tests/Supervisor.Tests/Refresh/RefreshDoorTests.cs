using System.Net.Sockets;
using System.Text;
using System.Text.Json;
using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.Refresh;
using Supervisor.Systemd;

namespace Supervisor.Tests.Refresh;

/// <summary>The door that a pool's jobs ask for a refresh at.</summary>
public sealed class RefreshDoorTests : IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("rbsv-door").FullName;
    private RefreshDoors doors = null!;

    private RefreshPlaces Places => new() { Marker = Path.Combine(folder, "nightly.json"), Request = Path.Combine(folder, "request") };

    private string Running => Path.Combine(folder, "running");

    private string Reports => Directory.CreateDirectory(Path.Combine(folder, "reports")).FullName;

    public ValueTask InitializeAsync()
    {
        doors = new RefreshDoors(Path.Combine(folder, "doors"), new RefreshRun(Places), new EventLog(new StringWriter())) { RunnerIn = slot => $"runner-of-{slot}" };
        doors.Use(Settings(Pool("open", true, "s-1", "s-2"), Pool("shut", null, "s-3")));
        return ValueTask.CompletedTask;
    }

    [Fact]
    public void Only_the_containers_of_a_pool_that_may_ask_have_a_door_and_each_slot_its_own()
    {
        Directory.GetDirectories(Path.Combine(folder, "doors")).Select(path => Path.GetFileName(path)).Order().ShouldBe(["s-1", "s-2"]);
        Binds(Pool("open", true, "s-1"), "s-1").ShouldBe([$"{folder}/doors/s-1:/run/runnerbuild-door:ro"]);
        Binds(Pool("shut", null, "s-3"), "s-3").ShouldBeNull();
        if (Environment.UserName == "root")
            File.GetUnixFileMode(Path.Combine(folder, "doors")).ShouldBe(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_pool_without_a_door_is_made_of_what_it_was_made_of_before_there_were_doors()
    {
        JsonSerializer.Serialize(Pool("shut", null, "s-3"), SettingsJson.Default.PoolSettings).ShouldNotContain("refreshDoor");
        PoolHash.Of(Pool("p", true, "s-1"), "host").ShouldNotBe(PoolHash.Of(Pool("p", null, "s-1"), "host"));
    }

    [Theory]
    [InlineData("GET /", 404)]
    [InlineData("POST /refresh/", 404)]
    [InlineData("POST /refresh?image=evil", 404)]
    [InlineData("GET /../../refresh", 404)]
    [InlineData("GET http://door/refresh", 404)]
    [InlineData("POST /containers/create", 404)]
    [InlineData("PUT /refresh", 405)]
    [InlineData("DELETE /refresh", 405)]
    [InlineData("post /refresh", 405)]
    [InlineData("POST /refresh", 400, "image=evil")]
    [InlineData("GET /refresh", 400, "x")]
    [InlineData("nonsense", 404)]
    public async Task It_knows_two_words_and_takes_nothing_beside_them(string request, int status, string body = "")
    {
        Mark();
        var (code, text) = await SendAsync("s-1", request, body);
        code.ShouldBe(status);
        text.Trim().ShouldNotBeEmpty();
        File.Exists(Places.Request).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_the_nightly_run_is_not_installed_it_says_how_to_go_on()
    {
        foreach (var request in (string[])["POST /refresh", "GET /refresh"])
        {
            var (code, text) = await SendAsync("s-1", request);
            code.ShouldBe(409);
            text.ShouldContain("sudo ./build.sh InstallNightly");
        }
        File.Exists(Places.Request).ShouldBeFalse();
    }

    [Fact]
    public async Task The_request_names_the_runner_of_the_slot_and_is_made_once()
    {
        Mark();
        (await StateAsync("s-1", "GET")).State.ShouldBe("never");
        (await StateAsync("s-2", "POST")).State.ShouldBe("asked");
        (await File.ReadAllTextAsync(Places.Request, TestContext.Current.CancellationToken)).ShouldBe("runner-of-s-2");

        (await StateAsync("s-1", "POST")).State.ShouldBe("asked");
        (await File.ReadAllTextAsync(Places.Request, TestContext.Current.CancellationToken)).ShouldBe("runner-of-s-2");
        File.Delete(Places.Request);
        Directory.CreateDirectory(Running);
        await File.WriteAllTextAsync(Path.Combine(Running, "progress"), "one  wait for 2 runners", TestContext.Current.CancellationToken);
        (await StateAsync("s-1", "POST")).ShouldBe(new RefreshState("running", "one  wait for 2 runners", null, null));
        File.Exists(Places.Request).ShouldBeFalse();
    }

    [Theory]
    [InlineData("GET")]
    [InlineData("POST")]
    public async Task Who_asks_is_known_to_follow_the_refresh_until_the_slot_has_another_runner(string method)
    {
        Mark();
        Directory.CreateDirectory(Running);
        doors.IsFollowedBy("s-1", "runner-of-s-1").ShouldBeFalse();
        await StateAsync("s-1", method);
        doors.IsFollowedBy("s-1", "runner-of-s-1").ShouldBeTrue();
        doors.IsFollowedBy("s-1", "next-runner-of-s-1").ShouldBeFalse();
        doors.IsFollowedBy("s-1", null).ShouldBeFalse();
        doors.IsFollowedBy("s-2", "runner-of-s-2").ShouldBeFalse();
    }

    [Fact]
    public async Task Nothing_is_asked_for_a_job_that_nobody_knows()
    {
        Mark();
        doors.RunnerIn = _ => null;
        (await SendAsync("s-1", "POST /refresh")).Code.ShouldBe(503);
        File.Exists(Places.Request).ShouldBeFalse();
    }

    [Theory]
    [InlineData("""{"good":true}""", "good")]
    [InlineData("""{"good":false}""", "bad")]
    [InlineData("""{""", "bad")]
    public async Task The_newest_report_is_told(string json, string state)
    {
        Mark();
        await File.WriteAllTextAsync(Path.Combine(Reports, "2026-01-01T03-30-00Z.md"), "old", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Reports, "2026-01-02T03-30-00Z.md"), "**report**", TestContext.Current.CancellationToken);
        await File.WriteAllTextAsync(Path.Combine(Reports, "2026-01-02T03-30-00Z.json"), json, TestContext.Current.CancellationToken);
        (await StateAsync("s-1", "GET")).ShouldBe(new RefreshState(state, null, "2026-01-02T03-30-00Z", "**report**"));
    }

    [Fact]
    public async Task Settings_open_and_close_doors_and_a_new_service_answers_at_the_same_place()
    {
        doors.Use(Settings(Pool("open", true, "s-2")));
        await Should.ThrowAsync<SocketException>(SendAsync("s-1", "GET /refresh"));
        await doors.DisposeAsync();
        await InitializeAsync();
        (await SendAsync("s-1", "GET /refresh")).Code.ShouldBe(409);
        (await SendAsync("s-2", "GET /refresh")).Code.ShouldBe(409);
    }

    [Fact]
    public async Task Who_connects_and_says_nothing_keeps_nobody_out_for_long()
    {
        var silent = new List<Socket>();
        for (var i = 0; i < 6; i++)
            silent.Add(await ConnectAsync("s-1"));
        (await SendAsync("s-1", "GET /refresh")).Code.ShouldBe(409);
        silent.ForEach(socket => socket.Dispose());
    }

    private void Mark()
    {
        File.WriteAllText(Places.Marker, JsonSerializer.Serialize(new RefreshMarker("nightly.service", Running, Reports), RefreshJson.Default.RefreshMarker));
    }

    private async Task<RefreshState> StateAsync(string slot, string method) =>
        JsonSerializer.Deserialize((await SendAsync(slot, $"{method} /refresh")).Text, RefreshJson.Default.RefreshState)!;

    private async Task<(int Code, string Text)> SendAsync(string slot, string request, string body = "")
    {
        using var socket = await ConnectAsync(slot);
        await using var stream = new NetworkStream(socket);
        var length = body.Length > 0 ? $"Content-Length: {body.Length}\r\n" : "";
        await stream.WriteAsync(Encoding.ASCII.GetBytes($"{request} HTTP/1.1\r\nHost: door\r\n{length}\r\n{body}"));
        using var reader = new StreamReader(stream);
        var answer = (await reader.ReadToEndAsync()).Split("\r\n\r\n", 2);
        return (int.Parse(answer[0].Split(' ')[1], System.Globalization.CultureInfo.InvariantCulture), answer[1]);
    }

    private async Task<Socket> ConnectAsync(string slot)
    {
        var socket = new Socket(AddressFamily.Unix, SocketType.Stream, ProtocolType.Unspecified);
        await socket.ConnectAsync(new UnixDomainSocketEndPoint(Path.Combine(folder, "doors", slot, "refresh.sock")));
        return socket;
    }

    private IReadOnlyList<string>? Binds(PoolSettings pool, string slot)
    {
        var order = new MintOrder("host", slot, 1, pool, "hash", ["linux"]);
        return doors.Into(ContainerSpec.Of(order, "runner-1", 7, null, new ComposeMarks("/c.yml", "h")), order).HostConfig.Binds;
    }

    private static SupervisorSettings Settings(params PoolSettings[] pools) => new() { Version = 1, Host = "host", Pools = pools };

    private static PoolSettings Pool(string name, bool? door, params string[] slots) => new()
    {
        Name = name, Api = "https://api.github.com", Scope = "orgs/acme", Credential = "github-1", Labels = ["linux"], Image = "runner:1", Docker = "none", Slots = slots, RefreshDoor = door,
    };

    public async ValueTask DisposeAsync()
    {
        await doors.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }
}
