using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Tests.VirtualMachines;

public sealed class TaskTests
{
    private const string Id = "UPID:node006:000F4240:0A1B2C3D:68A1B2C3:qmclone:9999:root@pam!runnerbuild:";

    private static readonly Upid Task1 = Upid.Parse(Id)!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void Case_18_a_upid_names_its_node_and_its_path_is_escaped()
    {
        Task1.ShouldBe(new Upid(Id, "node006", "qmclone", "9999"));
        Task1.Path.ShouldBe("/nodes/node006/tasks/UPID%3Anode006%3A000F4240%3A0A1B2C3D%3A68A1B2C3%3Aqmclone%3A9999%3Aroot%40pam%21runnerbuild%3A");
        Upid.Parse("").ShouldBeNull();
        Upid.Parse("OK").ShouldBeNull();
    }

    [Fact]
    public async Task Case_18_a_task_is_followed_to_its_end_on_its_own_node()
    {
        var asked = 0;
        await using var wire = await ServerAsync(_ => ++asked < 4 ? """{"data":{"status":"running"}}""" : """{"data":{"status":"stopped","exitstatus":"OK"}}""");
        using var client = wire.Client();

        await new ProxmoxTasks(client).AwaitAsync(Task1, "clone", TimeSpan.FromMinutes(1), new Told(), Cancel);

        asked.ShouldBe(4);
        wire.Requests.ShouldAllBe(request => request.Path.StartsWith("/api2/json/nodes/node006/tasks/UPID", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Case_18_warnings_are_success_and_are_shown()
    {
        await using var wire = await ServerAsync(_ => """{"data":{"status":"stopped","exitstatus":"WARNINGS: 2"}}""", "disk is slow", "TASK WARNINGS: 2");
        using var client = wire.Client();
        var told = new Told();

        await new ProxmoxTasks(client).AwaitAsync(Task1, "clone", TimeSpan.FromMinutes(1), told, Cancel);

        told.Lines.ShouldHaveSingleItem().ShouldBe("clone: done with warnings: 2: disk is slow | TASK WARNINGS: 2");
    }

    [Theory]
    [InlineData("unexpected status", nameof(ProxmoxFault.Other))]
    [InlineData("can't lock file '/var/lock/qemu-server/lock-250.conf' - got timeout", nameof(ProxmoxFault.Busy))]
    [InlineData("close (rename) atomic file '/etc/pve/nodes/n/qemu-server/250.conf' failed: File exists", nameof(ProxmoxFault.Taken))]
    [InlineData("VM quit/powerdown failed - got timeout", nameof(ProxmoxFault.Other))]
    [InlineData("VM 250 already running", nameof(ProxmoxFault.AlreadyRunning))]
    [InlineData("lvcreate failed: insufficient free space: 1 extents needed", nameof(ProxmoxFault.Other))]
    public async Task Case_18_a_task_that_failed_tells_why_with_the_end_of_its_log(string exit, string kind)
    {
        await using var wire = await ServerAsync(
            _ => """{"data":{"status":"stopped","exitstatus":"EXIT"}}""".Replace("EXIT", exit, StringComparison.Ordinal), [.. Enumerable.Range(1, 20).Select(line => $"line {line}"), $"TASK ERROR: {exit}"]);
        using var client = wire.Client();

        var fault = await Should.ThrowAsync<ProxmoxException>(() => new ProxmoxTasks(client).AwaitAsync(Task1, "clone", TimeSpan.FromMinutes(1), new Told(), Cancel));

        fault.Fault.ToString().ShouldBe(kind);
        fault.Why.ShouldStartWith(exit);
        fault.Why.ShouldContain($"line 20\n    TASK ERROR: {exit}");
        fault.Why.ShouldNotContain("line 1\n");
        fault.Why.ShouldContain(Id);
        fault.Fix.Contains("storage", StringComparison.Ordinal).ShouldBe(exit.Contains("space", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Case_18_a_task_that_is_not_listed_yet_is_asked_for_again()
    {
        var asked = 0;
        await using var wire = await Wire.StartAsync(app => app.Run(context => ++asked < 3
            ? ClientTests.Answer(400, "Parameter verification failed.", """{"data":null,"errors":{"upid":"no such task"}}""")(context)
            : context.Response.WriteAsync("""{"data":{"status":"stopped","exitstatus":"OK"}}""")));
        using var client = wire.Client();

        await new ProxmoxTasks(client).AwaitAsync(Task1, "clone", TimeSpan.FromMinutes(1), new Told(), Cancel);

        asked.ShouldBe(3);
    }

    [Fact]
    public async Task Case_18_at_its_limit_a_task_is_named_and_left_running()
    {
        await using var wire = await ServerAsync(_ => """{"data":{"status":"running"}}""");
        using var client = wire.Client();

        var fault = await Should.ThrowAsync<ProxmoxException>(() => new ProxmoxTasks(client).AwaitAsync(Task1, "clone", TimeSpan.FromSeconds(12), new Told(), Cancel));

        fault.Why.ShouldContain(Id);
        wire.Requests.ShouldAllBe(request => request.Method == "GET");
    }

    private static Task<Wire> ServerAsync(Func<HttpContext, string> status, params string[] log) => Wire.StartAsync(app => app.Run(context =>
        context.Response.WriteAsync(context.Request.Path.Value!.EndsWith("/log", StringComparison.Ordinal)
            ? System.Text.Json.JsonSerializer.Serialize(new { data = log.Select((line, index) => new { n = index + 1, t = line }), total = log.Length })
            : status(context))));
}
