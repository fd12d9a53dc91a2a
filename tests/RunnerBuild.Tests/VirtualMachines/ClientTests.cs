using System.Net.Sockets;
using System.Security.Cryptography;
using Lab.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>The client against a server that says exactly what a case needs.</summary>
public sealed class ClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("root@pam!runnerbuild")]
    public async Task Case_02_the_token_goes_in_its_header_and_nothing_else_does(string id)
    {
        var header = "";
        await using var wire = await Wire.StartAsync(app => app.Run(context =>
        {
            header = context.Request.Headers.Authorization.ToString();
            return context.Response.WriteAsync("""{"data":{"version":"9.1.2"}}""");
        }));
        using var client = wire.Client();

        (await client.GetAsync("/version", "ask", Cancel)).Text("version").ShouldBe("9.1.2");

        header.ShouldBe($"PVEAPIToken={id}={Wire.TokenSecret}");
        wire.Requests.ShouldHaveSingleItem().ShouldBe(new("GET", "/api2/json/version", "", null));
    }

    [Fact]
    public async Task Case_06_a_certificate_that_is_not_pinned_is_named_and_nothing_is_sent()
    {
        await using var wire = await Wire.StartAsync(app => app.Run(_ => Task.CompletedTask));
        using var client = wire.Client(string.Join(':', Enumerable.Repeat("AB", 32)));

        var refused = await Should.ThrowAsync<ProxmoxException>(() => client.GetAsync("/version", "ask", Cancel));

        refused.Fault.ShouldBe(ProxmoxFault.Untrusted);
        refused.What.ShouldContain(wire.Fingerprint);
        refused.Fix.ShouldContain($"add `{wire.Fingerprint}` to `fingerprints`");
        wire.Requests.ShouldBeEmpty();
    }

    [Fact]
    public async Task Case_06_any_pin_of_the_list_or_of_the_file_will_do_in_any_case()
    {
        await using var wire = await Wire.StartAsync(app => app.Run(context => context.Response.WriteAsync("""{"data":1}""")));
        using var folder = new TemporaryFolder();
        var file = folder.At("pins");
        await File.WriteAllTextAsync(file, $"{wire.Fingerprint.ToLowerInvariant()}\n", Cancel);
        var other = string.Join(':', Enumerable.Repeat("01", 32));

        using var listed = wire.Client(other, wire.Fingerprint);
        (await listed.GetAsync("/version", "ask", Cancel)).GetInt32().ShouldBe(1);
        using var filed = new ProxmoxClient(wire.Endpoint(other) with { FingerprintFile = file }, new("secret"), TimeProvider.System);
        (await filed.GetAsync("/version", "ask", Cancel)).GetInt32().ShouldBe(1);
        using var lost = new ProxmoxClient(wire.Endpoint(other) with { FingerprintFile = "/does/not/exist" }, new("secret"), TimeProvider.System);
        (await Should.ThrowAsync<ConfigurationException>(() => lost.GetAsync("/version", "ask", Cancel))).What.ShouldContain("/does/not/exist");
        using var none = new ProxmoxClient(wire.Endpoint() with { Fingerprints = [] }, new("secret"), TimeProvider.System);
        (await Should.ThrowAsync<ProxmoxException>(() => none.GetAsync("/version", "ask", Cancel))).Why.ShouldBe("No fingerprint is pinned.");
    }

    [Theory]
    [InlineData("""{"data":null}""", "VM is locked (backup)", "VM is locked (backup)")]
    [InlineData("""{"data":null,"message":"VM is locked (backup)\nsecond line\n"}""", "VM is locked (backup)", "VM is locked (backup)\nsecond line")]
    [InlineData("", "VM is locked (backup)", "VM is locked (backup)")]
    public async Task Case_07_a_reason_is_read_from_the_status_line_and_from_the_body(string body, string phrase, string reason)
    {
        await using var wire = await Wire.StartAsync(app => app.Run(Answer(500, phrase, body)));
        using var client = wire.Client();

        var fault = await Should.ThrowAsync<ProxmoxException>(() => client.WriteAsync(ProxmoxCall.Post("/x", [], "start VM 250"), Cancel));

        fault.Fault.ShouldBe(ProxmoxFault.Locked);
        fault.What.ShouldBe("Could not start VM 250.");
        fault.Why.ShouldStartWith(reason);
    }

    [Fact]
    public async Task The_fault_of_each_parameter_is_shown()
    {
        await using var wire = await Wire.StartAsync(app => app.Run(Answer(
            400, "Parameter verification failed.", """{"data":null,"errors":{"net0":"invalid format\n","cores":"type check ('integer') failed"}}""")));
        using var client = wire.Client();

        var fault = await Should.ThrowAsync<ProxmoxException>(() => client.GetAsync("/x", "read", Cancel));

        fault.Why.ShouldContain("Parameter verification failed. cores: type check ('integer') failed; net0: invalid format");
        wire.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task Case_01_a_wrong_token_is_told_by_its_id_and_not_tried_again()
    {
        await using var wire = await Wire.StartAsync(app => app.Run(Answer(401, "Authentication failed!", "")));
        using var client = wire.Client();

        var fault = await Should.ThrowAsync<ProxmoxException>(() => client.GetAsync("/version", "ask", Cancel));

        fault.Fault.ShouldBe(ProxmoxFault.Unauthorized);
        fault.Message.ShouldContain("Authentication failed!");
        fault.Fix.ShouldContain("root@pam!runnerbuild");
        fault.ToString().ShouldNotContain(Wire.TokenSecret);
        wire.Requests.Count.ShouldBe(1);
    }

    [Theory]
    [InlineData("Permission check failed (/vms/250, VM.Audit)", "--privs VM.Audit", "pveum acl modify /vms/250 --tokens 'root@pam!runnerbuild'")]
    [InlineData("Permission check failed (/vms/250, VM.Config.Disk|VM.Config.CDROM)", "--privs VM.Config.Disk", "pveum acl modify /vms/250 ")]
    [InlineData("Permission check failed", "--privs VM.Allocate", "pveum acl modify /vms/250 ")]
    public async Task Case_04_missing_rights_come_with_the_lines_that_grant_them(string reason, string role, string grant)
    {
        await using var wire = await Wire.StartAsync(app => app.Run(Answer(403, reason, """{"data":null}""")));
        using var client = wire.Client();

        var fault = await Should.ThrowAsync<ProxmoxException>(() => client.WriteAsync(ProxmoxCall.Post("/x", [new("newid", "250")], "clone"), Cancel));

        fault.Fault.ShouldBe(ProxmoxFault.Forbidden);
        fault.Fix.ShouldContain(role);
        fault.Fix.ShouldContain(grant);
        fault.ToString().ShouldNotContain(Wire.TokenSecret);
    }

    [Theory]
    [InlineData(595)]
    [InlineData(596)]
    [InlineData(599)]
    [InlineData(0)]
    public async Task A_read_is_repeated_until_an_answer_comes(int status)
    {
        var calls = 0;
        await using var wire = await Wire.StartAsync(app => app.Run(context =>
            Interlocked.Increment(ref calls) < 3 && status > 0 ? Answer(status, "Connection refused", "")(context) : context.Response.WriteAsync("""{"data":7}""")));
        wire.Loses = (number, _) => status == 0 && number < 2;
        using var client = wire.Client();

        (await client.GetAsync("/x", "read", Cancel)).GetInt32().ShouldBe(7);

        // .NET itself repeats a read once more on each broken connection.
        wire.Requests.Count.ShouldBeGreaterThanOrEqualTo(3);
    }

    [Theory]
    [InlineData(596)]
    [InlineData(0)]
    public async Task Case_37_a_write_is_sent_once_whatever_becomes_of_its_answer(int status)
    {
        await using var wire = await Wire.StartAsync(app => app.Run(Answer(status == 0 ? 200 : status, "Broken", """{"data":null}""")));
        wire.Loses = (_, _) => status == 0;
        using var client = wire.Client();

        foreach (var call in (ProxmoxCall[])
            [ProxmoxCall.Post("/start", [], "start"), ProxmoxCall.Put("/config", [new("cores", "4")], "set"), ProxmoxCall.Delete("/250?purge=1", "remove")])
        {
            wire.Forget();
            var fault = await Should.ThrowAsync<ProxmoxException>(() => client.WriteAsync(call, Cancel));

            fault.Fault.ShouldBe(ProxmoxFault.OutcomeUnknown);
            wire.Requests.Count.ShouldBe(1);
        }
    }

    [Fact]
    public async Task A_write_without_fields_is_not_repeated_by_the_library_when_the_server_hangs_up()
    {
        using var certificate = Wire.SelfSigned();
        using var server = new Hangup(certificate);
        using var client = new ProxmoxClient(
            new(server.Url, Wire.Token, [certificate.GetCertHashString(HashAlgorithmName.SHA256)], null),
            new("secret"), new HurriedTime());

        var fault = await Should.ThrowAsync<ProxmoxException>(() => client.WriteAsync(ProxmoxCall.Post("/start", [], "start VM 250"), Cancel));

        fault.Fault.ShouldBe(ProxmoxFault.OutcomeUnknown);
        server.Requests.ShouldBe(1);
    }

    [Fact]
    public async Task A_refused_connection_says_where_and_what_to_look_at()
    {
        using var free = new TcpListener(System.Net.IPAddress.Loopback, 0);
        free.Start();
        var url = new Uri($"https://127.0.0.1:{((System.Net.IPEndPoint)free.LocalEndpoint).Port}");
        free.Stop();
        using var client = new ProxmoxClient(new(url, Wire.Token, [], null), new("secret"), new HurriedTime());

        var fault = await Should.ThrowAsync<ProxmoxException>(() => client.GetAsync("/version", "ask", Cancel));

        fault.Message.ShouldContain($"Could not reach Proxmox at {url}");
        fault.Message.ShouldContain("Connection refused");
        fault.Fix.ShouldContain("systemctl status pveproxy");
    }

    [Theory]
    [InlineData(200, "<html>hello</html>", "<html>hello</html>")]
    [InlineData(301, "", "a redirection")]
    public async Task What_is_not_proxmox_is_told_apart(int status, string body, string seen)
    {
        await using var wire = await Wire.StartAsync(app => app.Run(Answer(status, "Hm", body)));
        using var client = wire.Client();

        (await Should.ThrowAsync<ProxmoxException>(() => client.GetAsync("/version", "ask", Cancel))).Why.ShouldContain(seen);
    }

    [Fact]
    public void An_address_without_tls_is_refused() => Should.Throw<ConfigurationException>(() => new ProxmoxClient(
        new(new("http://127.0.0.1:8006"), Wire.Token, [], null), new("secret"), TimeProvider.System));

    [Fact]
    public async Task A_form_has_a_length_and_survives_every_character()
    {
        await using var wire = await Wire.StartAsync(app => app.Run(context =>
        {
            context.Request.ContentLength.ShouldNotBeNull();
            return context.Response.WriteAsync("""{"data":null}""");
        }));
        using var client = wire.Client();

        (await client.WriteAsync(ProxmoxCall.Post("/c", [new("a", "ip=1/24,gw=2"), new("b", "x;y&z+ü %20\n")], "set"), Cancel)).ShouldBeNull();

        wire.Requests.Single().ContentType.ShouldBe("application/x-www-form-urlencoded");
        wire.Requests.Single().Body.ShouldBe("a=ip%3D1%2F24%2Cgw%3D2&b=x%3By%26z%2B%C3%BC+%2520%0A");
    }

    internal static RequestDelegate Answer(int status, string phrase, string body) => context =>
    {
        context.Response.StatusCode = status;
        context.Features.Get<IHttpResponseFeature>()!.ReasonPhrase = phrase;
        return context.Response.WriteAsync(body);
    };
}
