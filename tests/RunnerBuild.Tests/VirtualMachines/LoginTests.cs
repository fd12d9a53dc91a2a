using System.Net;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;
using Lab.Proxmox;
using Lab.Tests;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using RunnerBuild.Config;
using RunnerBuild.Remote.Proxmox;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Logging in with a password, and trusting the cluster's own authority.</summary>
public sealed class LoginTests
{
    private const string Password = "correct horse battery";

    private static readonly ProxmoxLogin.Password User = new("root@pam", new SecretReference.FromEnvironment("PROXMOX_PASSWORD"));

    private static readonly ProxmoxOptions WithPassword = Cluster.Options with { Users = [new("root@pam", Password)] };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Case_03_a_user_with_a_password_gets_one_ticket_and_makes_a_machine_with_it()
    {
        await using var cluster = await Cluster.StartAsync(WithPassword);
        using var client = cluster.Wire.Client(cluster.Wire.Endpoint() with { Login = User }, Password);
        using var vms = new Applying.VirtualMachines(client);

        await cluster.RunAsync(vms, Samples.Host, Cancel);
        (await cluster.RunAsync(vms, Samples.Host, Cancel)).ShouldBeEmpty();

        cluster.Wire.Requests.Count(request => request.Path.EndsWith("/access/ticket", StringComparison.Ordinal)).ShouldBe(1);
    }

    [Fact]
    public async Task A_ticket_that_is_turned_away_is_renewed_once_and_the_write_repeated()
    {
        await using var cluster = await Cluster.StartAsync(WithPassword);
        using var client = cluster.Wire.Client(cluster.Wire.Endpoint() with { Login = User }, Password);
        await client.GetAsync("/version", "ask", Cancel);
        var refusals = 0;
        cluster.Wire.Instead = request => request.Path.EndsWith("/version", StringComparison.Ordinal) && refusals++ == 0
            ? ClientTests.Answer(401, "permission denied - invalid PVE ticket", "")
            : null;

        (await client.GetAsync("/version", "ask", Cancel)).Text("release").ShouldBe("9.1");

        cluster.Wire.Requests.Count(request => request.Path.EndsWith("/access/ticket", StringComparison.Ordinal)).ShouldBe(2);
        cluster.Wire.Instead = request => request.Path.EndsWith("/version", StringComparison.Ordinal) ? ClientTests.Answer(401, "permission denied - invalid PVE ticket", "") : null;
        (await Should.ThrowAsync<ProxmoxException>(() => client.GetAsync("/version", "ask", Cancel))).Fault.ShouldBe(ProxmoxFault.Unauthorized);
    }

    [Fact]
    public async Task Cases_01_and_46_a_wrong_password_is_told_by_its_user_and_shown_nowhere()
    {
        await using var cluster = await Cluster.StartAsync(WithPassword);
        using var client = cluster.Wire.Client(cluster.Wire.Endpoint() with { Login = User }, "another password");

        var refused = await Should.ThrowAsync<ProxmoxException>(() => client.GetAsync("/version", "ask", Cancel));

        refused.Fault.ShouldBe(ProxmoxFault.Unauthorized);
        refused.Fix.ShouldContain("Compare the user `root@pam`");
        refused.ToString().ShouldNotContain("another password");
        cluster.Wire.Requests.Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_second_factor_is_said_to_need_a_token()
    {
        await using var wire = await Wire.StartAsync(app => app.Run(context => context.Response.WriteAsync("""{"data":{"ticket":"PVE:!tfa!x","NeedTFA":1,"CSRFPreventionToken":"y"}}""")));
        using var client = wire.Client(wire.Endpoint() with { Login = User }, Password);

        (await Should.ThrowAsync<ConfigurationException>(() => client.GetAsync("/version", "ask", Cancel))).Fix.ShouldContain("API token");
    }

    [Fact]
    public async Task Case_06_what_the_clusters_authority_signed_for_the_address_is_accepted_and_nothing_else()
    {
        using var authority = Authority("Proxmox Virtual Environment");
        using var other = Authority("Somebody else");
        using var folder = new TemporaryFolder();
        var file = folder.At("pve-root-ca.pem");
        await File.WriteAllTextAsync(file, authority.ExportCertificatePem(), Cancel);

        (await AnswersAsync(Leaf(authority, IPAddress.Loopback), file)).ShouldBeNull();
        var wrongName = (await AnswersAsync(Leaf(authority, IPAddress.Parse("192.0.2.7")), file)).ShouldNotBeNull();
        var stranger = (await AnswersAsync(Leaf(other, IPAddress.Loopback), file)).ShouldNotBeNull();

        foreach (var refused in new[] { wrongName, stranger })
        {
            (refused.Fault, refused.Why.Contains($"Nor is it signed for 127.0.0.1 by the authority in {file}", StringComparison.Ordinal)).ShouldBe((ProxmoxFault.Untrusted, true));
            refused.What.ShouldMatch("SHA-256 ([0-9A-F]{2}:){31}[0-9A-F]{2}");
        }

        await File.WriteAllTextAsync(file, "no certificate", Cancel);
        (await Should.ThrowAsync<ConfigurationException>(() => AnswersAsync(Leaf(authority, IPAddress.Loopback), file))).Message.ShouldContain(file);
    }

    /// <returns>The refusal, or null when the server was trusted.</returns>
    private static async Task<ProxmoxException?> AnswersAsync(X509Certificate2 certificate, string authorityFile)
    {
        await using var wire = await Wire.StartAsync(app => app.Run(context => context.Response.WriteAsync("""{"data":1}""")), certificate);
        using var client = wire.Client(wire.Endpoint() with { Fingerprints = [], CaFile = authorityFile });
        try
        {
            await client.GetAsync("/version", "ask", Cancel);
            return null;
        }
        catch (ProxmoxException refused)
        {
            wire.Requests.ShouldBeEmpty();
            return refused;
        }
    }

    private static X509Certificate2 Authority(string name)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest($"CN={name}", key, HashAlgorithmName.SHA256);
        request.CertificateExtensions.Add(new X509BasicConstraintsExtension(true, false, 0, true));
        request.CertificateExtensions.Add(new X509KeyUsageExtension(X509KeyUsageFlags.KeyCertSign, true));
        using var made = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-2), DateTimeOffset.UtcNow.AddDays(2));
        return X509CertificateLoader.LoadPkcs12(made.Export(X509ContentType.Pkcs12), null);
    }

    private static X509Certificate2 Leaf(X509Certificate2 authority, IPAddress address)
    {
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=node005", key, HashAlgorithmName.SHA256);
        var names = new SubjectAlternativeNameBuilder();
        names.AddIpAddress(address);
        request.CertificateExtensions.Add(names.Build());
        request.CertificateExtensions.Add(new X509EnhancedKeyUsageExtension([new Oid("1.3.6.1.5.5.7.3.1")], false));
        using var signed = request.Create(authority, DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1), RandomNumberGenerator.GetBytes(8));
        using var whole = signed.CopyWithPrivateKey(key);
        return X509CertificateLoader.LoadPkcs12(whole.Export(X509ContentType.Pkcs12), null);
    }
}
