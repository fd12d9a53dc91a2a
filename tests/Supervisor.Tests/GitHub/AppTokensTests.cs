using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;
using Supervisor.GitHub;
using Supervisor.Tests.Doubles;

namespace Supervisor.Tests.GitHub;

public sealed class AppTokensTests
{
    [Fact]
    public void The_token_of_an_App_is_signed_by_its_key_and_short_lived()
    {
        using var key = RSA.Create(2048);
        var now = DateTimeOffset.FromUnixTimeSeconds(1_800_000_000);
        var parts = AppTokens.JwtOf(new AppContent("Iv1.abc", null, key.ExportRSAPrivateKeyPem()), now).Split('.');

        key.VerifyData(Encoding.ASCII.GetBytes($"{parts[0]}.{parts[1]}"), Base64Url.DecodeFromChars(parts[2]), HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1).ShouldBeTrue();
        var claims = JsonNode.Parse(Base64Url.DecodeFromChars(parts[1]))!;
        ((string?)claims["iss"]).ShouldBe("Iv1.abc");
        ((long)claims["iat"]!).ShouldBe(1_800_000_000 - 60);
        ((long)claims["exp"]! - (long)claims["iat"]!).ShouldBeLessThanOrEqualTo(600);
    }

    [Fact]
    public async Task The_installation_is_looked_up_by_scope_and_its_token_kept_until_shortly_before_it_expires()
    {
        using var key = RSA.Create(2048);
        using var server = new HttpListener();
        var address = $"http://127.0.0.1:{Ports.Free()}";
        server.Prefixes.Add(address + "/");
        server.Start();
        var paths = new List<string>();
        var lifetime = TimeSpan.FromMinutes(4);
        _ = Task.Run(async () =>
        {
            while (true)
            {
                var context = await server.GetContextAsync();
                paths.Add(context.Request.Url!.AbsolutePath);
                var body = context.Request.HttpMethod == "GET" ? """{"id":42}""" : $$"""{"token":"t{{paths.Count}}","expires_at":"{{DateTimeOffset.UtcNow + lifetime:O}}"}""";
                context.Response.StatusCode = context.Request.HttpMethod == "GET" ? 200 : 201;
                await context.Response.OutputStream.WriteAsync(Encoding.UTF8.GetBytes(body));
                context.Response.Close();
            }
        }, TestContext.Current.CancellationToken);
        using var connection = new GitHubConnection(TimeSpan.FromSeconds(5), TimeProvider.System);
        var tokens = new AppTokens(connection, TimeProvider.System);
        var app = new AppContent("1", null, key.ExportPkcs8PrivateKeyPem());
        var scope = GitHubScope.Of(address, "repos/acme/widgets", "c");

        (await tokens.TokenAsync(app, scope, CancellationToken.None)).ShouldBe("t2");
        paths.ShouldBe(["/repos/acme/widgets/installation", "/app/installations/42/access_tokens"]);
        // Four minutes are within the margin, so it is asked for again; an hour is not.
        lifetime = TimeSpan.FromHours(1);
        (await tokens.TokenAsync(app, scope, CancellationToken.None)).ShouldBe("t4");
        (await tokens.TokenAsync(app, scope, CancellationToken.None)).ShouldBe("t4");
    }

    [Fact]
    public void A_key_that_is_none_says_where_to_get_one() => Should
        .Throw<GitHubFault>(() => AppTokens.JwtOf(new AppContent("1", null, "nonsense"), DateTimeOffset.UtcNow))
        .Message.ShouldContain("download a new one");
}
