using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json.Nodes;

namespace Lab.Runner;

/// <summary>The registration's key, and the address that trades its signature for an access token.</summary>
internal sealed class RunnerCredentials(string clientId, Uri authorizationUrl, bool pss, RSA key) : IDisposable
{
    public Uri AuthorizationUrl => authorizationUrl;

    public static RunnerCredentials Read(RunnerRoot root)
    {
        var data = ConfigurationFile.Read(root, ".credentials")["Data"] as JsonObject
            ?? throw new RunnerFailure(".credentials has no Data.", ExitCode.Terminated);
        var client = ConfigurationFile.Text(data, "clientId") ?? throw new RunnerFailure(".credentials has no clientId.", ExitCode.Terminated);
        var url = ConfigurationFile.Text(data, "authorizationUrl") ?? throw new RunnerFailure(".credentials has no authorizationUrl.", ExitCode.Terminated);
        return new(client, new(url), ConfigurationFile.Flag(data, "requireFipsCryptography"), Key(ConfigurationFile.Read(root, ".credentials_rsaparams")));
    }

    /// <summary>A JWT that says who this runner is, good for five minutes.</summary>
    public string Assertion()
    {
        var now = DateTimeOffset.UtcNow.ToUnixTimeSeconds();
        var header = new JsonObject { ["alg"] = pss ? "PS256" : "RS256", ["typ"] = "JWT" };
        var claims = new JsonObject
        {
            ["sub"] = clientId,
            ["iss"] = clientId,
            ["aud"] = authorizationUrl.ToString(),
            ["jti"] = Guid.NewGuid().ToString(),
            ["nbf"] = now,
            ["exp"] = now + 300,
        };
        var text = $"{Encode(header)}.{Encode(claims)}";
        var padding = pss ? RSASignaturePadding.Pss : RSASignaturePadding.Pkcs1;
        return $"{text}.{Base64Url.EncodeToString(key.SignData(Encoding.UTF8.GetBytes(text), HashAlgorithmName.SHA256, padding))}";
    }

    public void Dispose() => key.Dispose();

    private static string Encode(JsonObject part) => Base64Url.EncodeToString(Encoding.UTF8.GetBytes(part.ToJsonString()));

    private static RSA Key(JsonObject file)
    {
        byte[] Part(string name) => Convert.FromBase64String(ConfigurationFile.Text(file, name) ?? throw new FormatException($"{name} is missing"));
        try
        {
            return RSA.Create(new RSAParameters
            {
                Modulus = Part("modulus"),
                Exponent = Part("exponent"),
                D = Part("d"),
                P = Part("p"),
                Q = Part("q"),
                DP = Part("dp"),
                DQ = Part("dq"),
                InverseQ = Part("inverseQ"),
            });
        }
        catch (Exception wrong) when (wrong is FormatException or CryptographicException)
        {
            throw new RunnerFailure($".credentials_rsaparams holds no private key: {wrong.Message}", ExitCode.Terminated);
        }
    }
}
