using System.Net.Http.Json;
using System.Text;

namespace Lab.Tests.Proxmox;

public class WireTests
{
    [Theory]
    [InlineData(null, "No ticket")]
    [InlineData("PVEAPIToken=root@pam!test=wrong", "Authentication failed!")]
    [InlineData("PVEAPIToken=root@pam!other=s3cret", "Authentication failed!")]
    [InlineData("PVEAPIToken=nonsense", "Authentication failed!")]
    [InlineData("PVEAPIToken=root@pam!old=s3cret", "Authentication failed!")]
    public async Task Case_01_a_missing_wrong_or_expired_token_is_401_with_an_empty_body(string? authorization, string reason)
    {
        await using var proxmox = await RunningDouble.StartAsync(options =>
            options with
            {
                Tokens = options.Tokens.Add(new("root@pam!old", "s3cret", Expires: DateTimeOffset.UnixEpoch)),
            }
        );
        using var client = proxmox.ClientWith(authorization);
        var answer = await proxmox.SendAsync(HttpMethod.Get, "version", client: client);
        answer.ShouldFail(401, reason);
        answer.Body.ShouldBeEmpty();
        answer.Closes.ShouldBeTrue();
        proxmox.Requests.ShouldBeEmpty();
    }

    [Theory]
    [InlineData("PVEAPIToken=root@pam!test=s3cret")]
    [InlineData("PVEAPIToken root@pam!test=s3cret")]
    public async Task Case_02_a_token_may_follow_an_equals_sign_or_a_space(string authorization)
    {
        await using var proxmox = await RunningDouble.StartAsync();
        using var client = proxmox.ClientWith(authorization);
        var answer = await proxmox.SendAsync(HttpMethod.Get, "version", client: client);
        answer.Data.GetProperty("release").GetString().ShouldBe("9.1");
        answer.Closes.ShouldBeFalse();
    }

    [Fact]
    public async Task Case_03_a_ticket_needs_the_csrf_token_for_writes_and_a_token_does_not()
    {
        await using var proxmox = await RunningDouble.StartAsync(options => options with { Users = [new("root@pam", "hunter22")] });
        using var client = proxmox.ClientWith(null);
        (
            await proxmox.SendAsync(
                HttpMethod.Post,
                "access/ticket",
                RunningDouble.Form(("username", "root@pam"), ("password", "wrong")),
                client
            )
        ).ShouldFail(401, "authentication failure");
        var login = (
            await proxmox.SendAsync(
                HttpMethod.Post,
                "access/ticket",
                RunningDouble.Form(("username", "root@pam"), ("password", "hunter22")),
                client
            )
        ).Data;
        client.DefaultRequestHeaders.Add("Cookie", $"PVEAuthCookie={Uri.EscapeDataString(login.GetProperty("ticket").GetString()!)}");
        (await proxmox.SendAsync(HttpMethod.Get, "version", client: client)).Status.ShouldBe(200);
        (await proxmox.SendAsync(HttpMethod.Post, "nodes/pve/qemu/9999/status/stop", client: client)).ShouldFail(
            401,
            "Permission denied - invalid csrf token"
        );
        client.DefaultRequestHeaders.Add("CSRFPreventionToken", login.GetProperty("CSRFPreventionToken").GetString());
        (await proxmox.SendAsync(HttpMethod.Post, "nodes/pve/qemu/9999/status/stop", client: client)).Status.ShouldBe(200);
        (await proxmox.PostAsync("nodes/pve/qemu/9999/status/stop")).Status.ShouldBe(200);
        (await proxmox.PostAsync("access/ticket", ("username", "root@pam"), ("password", "hunter22"))).Status.ShouldBe(403);
        proxmox.Requests.SelectMany(request => request.Parameters.Values).ShouldNotContain("hunter22");
    }

    [Theory]
    [InlineData("GET", "nodes/pve/nope", "Method 'GET /nodes/pve/nope' not implemented")]
    [InlineData("POST", "nodes/pve/qemu/250/resize", "Method 'POST /nodes/pve/qemu/250/resize' not implemented")]
    [InlineData("HEAD", "version", "method 'HEAD' not available")]
    [InlineData("PATCH", "version", "method 'PATCH' not available")]
    [InlineData("OPTIONS", "version", "method 'OPTIONS' not available")]
    public async Task Case_08_unknown_paths_and_methods_are_501(string method, string path, string reason)
    {
        await using var proxmox = await RunningDouble.StartAsync();
        (await proxmox.SendAsync(new(method), path)).ShouldFail(501, reason);
    }

    [Fact]
    public async Task Case_08_bodies_that_the_server_does_not_take_are_501_or_506()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        const string Start = "nodes/pve/qemu/9999/status/start";
        (await proxmox.SendAsync(HttpMethod.Delete, "nodes/pve/qemu/250", RunningDouble.Form(("purge", "1")))).ShouldFail(
            501,
            "Unexpected content for method 'DELETE'"
        );
        (await proxmox.SendAsync(HttpMethod.Post, Start, JsonContent.Create(new { timeout = 5 }))).ShouldFail(
            501,
            "chunked transfer encoding not supported"
        );
        (await proxmox.SendAsync(HttpMethod.Post, Start, new StringContent("timeout=5", Encoding.UTF8, "text/plain"))).Status.ShouldBe(506);
        (await proxmox.SendAsync(HttpMethod.Post, Start, RunningDouble.Form(("timeout", new string('1', 512 * 1024))))).ShouldFail(
            501,
            "for data too large"
        );
    }

    [Fact]
    public async Task Case_09_all_faults_of_the_parameters_come_in_one_answer()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var answer = await proxmox.PostAsync("nodes/pve/qemu/9999/clone", ("colour", "red"), ("full", "yes"), ("name", "a_b"));
        answer.ShouldFail(400, "Parameter verification failed.");
        answer.Json.GetProperty("message").GetString().ShouldBe("Parameter verification failed.\n");
        answer.Error("newid").ShouldBe("property is missing and it is not optional");
        answer.Error("colour").ShouldBe("property is not defined in schema and the schema does not allow additional properties");
        answer.Error("full").ShouldBe("type check ('boolean') failed - got 'yes'");
        answer.Error("name").ShouldBe("invalid format - value does not look like a valid DNS name\n");
    }

    [Theory]
    [InlineData("onboot", "true", "type check ('boolean') failed - got 'true'")]
    [InlineData("cores", "3.5", "type check ('integer') failed - got '3.5'")]
    [InlineData("cores", "0", "value must have a minimum value of 1")]
    [InlineData("shares", "50001", "value must have a maximum value of 50000")]
    [InlineData("bios", "uefi", "value 'uefi' does not have a value in the enumeration 'seabios, ovmf'")]
    [InlineData("memory", "15", "invalid format - format error\nmemory.current: value must have a minimum value of 16\n")]
    [InlineData(
        "ipconfig0",
        "ip=10.0.0.1",
        "invalid format - format error\nipconfig0.ip: invalid format - value does not look like a valid ipv4 network configuration\n\n"
    )]
    [InlineData("ipconfig0", "gw=10.0.0.1", "invalid format - format error\nipconfig0.ip: missing property required by 'gw'\n")]
    [InlineData("ipconfig32", "ip=dhcp", "property is not defined in schema and the schema does not allow additional properties")]
    [InlineData(
        "net0",
        "virtio,foo=1",
        "invalid format - format error\nnet0.foo: property is not defined in schema and the schema does not allow additional properties\n"
    )]
    [InlineData("digest", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "value may only be 40 characters long")]
    [InlineData("force", "1", null)]
    public async Task Case_10_values_out_of_type_range_or_enumeration_are_400(string key, string value, string? error)
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var answer = await proxmox.PutAsync("nodes/pve/qemu/9999/config", (key, value));
        answer.Status.ShouldBe(400);
        answer.Error(error is null ? "delete" : key).ShouldBe(error ?? "missing property required by 'force'");
    }

    [Fact]
    public async Task Case_10_json_bodies_may_carry_booleans_and_numbers()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var body = new StringContent("""{"onboot":true,"cores":4}""", Encoding.UTF8, "application/json");
        (await proxmox.SendAsync(HttpMethod.Put, "nodes/pve/qemu/9999/config", body)).Status.ShouldBe(200);
        var config = await proxmox.ConfigAsync("nodes/pve/qemu/9999");
        config.GetProperty("onboot").GetInt32().ShouldBe(1);
        config.GetProperty("cores").GetInt32().ShouldBe(4);
        (
            await proxmox.SendAsync(HttpMethod.Put, "nodes/pve/qemu/9999/config", new StringContent("{", Encoding.UTF8, "application/json"))
        ).Status.ShouldBe(500);
    }

    [Fact]
    public async Task Case_11_a_parameter_that_contradicts_the_path_is_400()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        (await proxmox.PutAsync("nodes/pve/qemu/9999/config", ("vmid", "251"), ("cores", "1")))
            .Error("vmid")
            .ShouldBe("duplicate parameter (already defined in URI) with conflicting values!");
        (await proxmox.PutAsync("nodes/pve/qemu/9999/config", ("vmid", "9999"), ("cores", "1"))).Status.ShouldBe(200);
    }

    [Theory]
    [InlineData("tags=a;b", "b")]
    [InlineData("ipconfig0=ip=dhcp", "ipconfig0")]
    public async Task Case_12_forms_end_pairs_at_semicolons_and_values_at_a_second_equals_sign(string body, string wrong)
    {
        await using var proxmox = await RunningDouble.StartAsync();
        var answer = await proxmox.SendAsync(
            HttpMethod.Put,
            "nodes/pve/qemu/9999/config",
            new StringContent(body, Encoding.UTF8, "application/x-www-form-urlencoded")
        );
        answer.Status.ShouldBe(400);
        answer.Error(wrong).ShouldNotBeNull();
    }

    [Fact]
    public async Task The_query_wins_over_the_body()
    {
        await using var proxmox = await RunningDouble.StartAsync();
        (await proxmox.PutAsync("nodes/pve/qemu/9999/config?cores=3", ("cores", "7"))).Status.ShouldBe(200);
        (await proxmox.ConfigAsync("nodes/pve/qemu/9999")).GetProperty("cores").GetInt32().ShouldBe(3);
    }
}
