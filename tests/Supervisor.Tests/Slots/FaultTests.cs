using Supervisor.Control;
using Supervisor.Tests.Doubles;
using static Supervisor.Tests.Doubles.Shell;

namespace Supervisor.Tests.Slots;

[Collection(nameof(WithDocker))]
public sealed class FaultTests
{
    [Fact]
    public async Task A_credential_that_GitHub_refuses_parks_all_slots_at_the_cost_of_few_calls_until_a_reload()
    {
        await using var host = new RunnerHost();
        host.SetSlots(3);
        host.WriteSettings();
        host.GitHub.Fault = _ => new Answer(401, """{"message":"Bad credentials"}""");
        host.Start();
        for (var slot = 1; slot <= 3; slot++)
            (await host.UntilAsync(slot, status => status.State == "Parked")).Reason!.ShouldStartWith("GitHub does not accept the credential: 401");
        var calls = host.GitHub.Calls.Count(call => call.Path.Contains("runner-groups"));
        await Task.Delay(2000, TestContext.Current.CancellationToken);
        host.GitHub.Calls.Count(call => call.Path.Contains("runner-groups")).ShouldBe(calls);
        calls.ShouldBeLessThanOrEqualTo(3);

        host.GitHub.Fault = _ => null;
        await host.Control.SendAsync(new ControlRequest { Command = "reload" });
        for (var slot = 1; slot <= 3; slot++)
            await host.UntilIdleAsync(slot);
    }

    [Fact]
    public async Task What_the_engine_garbles_about_itself_is_the_reason_and_passes()
    {
        var garbled = true;
        using var engine = new EngineProxy { Answers = request => garbled && request.Contains("/info", StringComparison.Ordinal) ? """{"MemTotal":""" : null };
        await using var host = new RunnerHost { DockerSocket = engine.Path };
        host.Start();

        (await host.UntilAsync(1, status => status.Reason is not null)).Reason!.ShouldContain("Docker Engine's answer cannot be read");
        garbled = false;
        await host.UntilIdleAsync();
    }

    [Fact]
    public async Task A_taken_name_is_answered_with_another_name_at_once()
    {
        await using var host = new RunnerHost();
        var refused = 0;
        host.GitHub.Fault = call => call.Method == "POST" && refused++ == 0 ? new Answer(409, """{"message":"Already exists"}""") : null;
        host.Start();
        await host.UntilIdleAsync();
        host.GitHub.Mints.Select(call => call.Body).Distinct().Count().ShouldBe(2);
        var times = host.GitHub.Mints.Select(call => call.At).ToList();
        (times[1] - times[0]).ShouldBeLessThan(TimeSpan.FromSeconds(1));
    }

    [Fact]
    public async Task A_name_that_stays_taken_is_not_asked_for_without_end()
    {
        await using var host = new RunnerHost();
        host.GitHub.Fault = call => call.Method == "POST" ? new Answer(409, """{"message":"Already exists"}""") : null;
        host.Start();
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason!.ShouldContain("name is taken");
        host.GitHub.Mints.Count().ShouldBe(3);
    }

    [Fact]
    public async Task What_GitHub_will_not_do_parks_the_slot_with_GitHubs_words()
    {
        await using var host = new RunnerHost();
        host.GitHub.Fault = call => call.Method == "POST" ? new Answer(422, """{"message":"The runner group is full"}""") : null;
        host.Start();
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason!.ShouldContain("422 to POST /api/v3/orgs/acme/actions/runners/generate-jitconfig (The runner group is full)");
    }

    [Fact]
    public async Task A_rate_limit_is_waited_out_as_long_as_GitHub_says()
    {
        await using var host = new RunnerHost();
        var limited = true;
        host.GitHub.Fault = call => call.Method == "POST" && limited ? new Answer(429, "{}", new() { ["Retry-After"] = "3" }) : null;
        host.Start();
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason!.ShouldContain("asking again in 3 s");
        limited = false;
        await host.UntilIdleAsync();
        var times = host.GitHub.Mints.Select(call => call.At).ToList();
        times.Count.ShouldBe(2);
        (times[1] - times[0]).ShouldBeGreaterThan(TimeSpan.FromSeconds(3));
    }

    [Fact]
    public async Task Trouble_at_GitHub_passes_without_a_hand()
    {
        await using var host = new RunnerHost();
        var broken = true;
        host.GitHub.Fault = _ => broken ? new Answer(503) : null;
        host.Start();
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason!.ShouldContain("GitHub has trouble: 503");
        broken = false;
        await host.UntilIdleAsync();
    }

    [Fact]
    public async Task An_image_that_is_not_there_costs_GitHub_nothing_and_is_seen_when_it_comes()
    {
        await using var host = new RunnerHost();
        var image = $"rbsv-later:{Guid.NewGuid():N}";
        host.Pool["image"] = image;
        host.WriteSettings();
        host.Start();
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason.ShouldBe($"The image {image} is not on this host: run BuildCustomImage.");
        host.GitHub.Mints.ShouldBeEmpty();

        await DockerAsync("tag", RunnerImage.Name, image);
        try
        {
            await host.UntilIdleAsync();
        }
        finally
        {
            await DockerAsync("rmi", "--force", image);
        }
    }

    [Fact]
    public async Task An_engine_that_cannot_be_reached_is_the_reason()
    {
        await using var host = new RunnerHost();
        using var stop = new CancellationTokenSource();
        var service = Service.RunAsync(host.Options with { DockerSocket = "/nonexistent.sock" }, host.Log, stop.Token);
        (await host.UntilAsync(1, status => status.State == "Parked")).Reason!.ShouldContain("Docker Engine cannot be reached at /nonexistent.sock");
        await stop.CancelAsync();
        (await service).ShouldBe(0);
        host.GitHub.Mints.ShouldBeEmpty();
    }

    [Fact]
    public async Task Registrations_that_this_host_left_behind_are_deleted_and_no_others()
    {
        await using var host = new RunnerHost();
        Registration Offline(long id, string name) => host.GitHub.Registrations[id] = new Registration(id, name, [], 1) { Online = false };
        Offline(1, $"{host.Name}-1-abcdefabcdef");
        Offline(2, $"{host.Name}-2-1-abcdefabcdef");
        Offline(3, $"other-1-abcdefabcdef");
        Offline(4, $"{host.Name}-1-abcdefabcdeg").Busy = true;
        Offline(5, $"{host.Name}-1-abcdefabcdeh").Online = true;
        host.Start();
        var idle = await host.UntilIdleAsync();
        await RunnerHost.UntilAsync(() => Task.FromResult(!host.GitHub.Registrations.ContainsKey(1)), "the stale registration is deleted");
        await Task.Delay(1500, TestContext.Current.CancellationToken);
        host.GitHub.Registrations.Keys.Order().ShouldBe([2, 3, 4, 5, idle.RunnerId!.Value]);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_list_with_gaps_or_pages_that_repeat_deletes_nothing(bool endless)
    {
        await using var host = new RunnerHost();
        host.GitHub.Registrations[1] = new Registration(1, $"{host.Name}-1-abcdefabcdef", [], 1) { Online = false };
        host.GitHub.Fault = call => call is { Method: "GET", Path: "/orgs/acme/actions/runners" } ? new Answer(200, endless || call.Query.EndsWith("&page=1", StringComparison.Ordinal)
            ? $$"""{"total_count":5,"runners":[{"id":1,"name":"{{host.Name}}-1-abcdefabcdef","status":"offline","busy":false}]}"""
            : """{"total_count":5,"runners":[]}""") : null;
        host.Start();
        var idle = await host.UntilIdleAsync();
        await Task.Delay(4000, TestContext.Current.CancellationToken);
        host.GitHub.Registrations.ShouldContainKey(1);
        (await host.StatusAsync(1)).Container.ShouldBe(idle.Container);
        host.Log.ToString().ShouldContain("does not add up");
        (await host.Control.StatusAsync()).Problem!.ShouldContain("orgs/acme does not add up");
        host.GitHub.Fault = _ => null;
        await RunnerHost.UntilAsync(async () => (await host.Control.StatusAsync()).Problem is null, "the problem is over");
    }
}
