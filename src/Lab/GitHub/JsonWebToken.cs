using System.Buffers.Text;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lab.GitHub;

/// <summary>A JWT whose signature was checked, and its claims.</summary>
internal sealed record JsonWebToken(JsonElement Header, JsonElement Claims)
{
    /// <summary>Signs claims with HMAC-SHA-256.</summary>
    public static string Sign(JsonObject claims, byte[] key)
    {
        var head = Base64Url.EncodeToString("""{"alg":"HS256","typ":"JWT"}"""u8);
        var text = $"{head}.{Base64Url.EncodeToString(Encoding.UTF8.GetBytes(claims.ToJsonString()))}";
        return $"{text}.{Base64Url.EncodeToString(HMACSHA256.HashData(key, Encoding.UTF8.GetBytes(text)))}";
    }

    /// <summary>The token when its HMAC is right, else null.</summary>
    public static JsonWebToken? Verify(string token, byte[] key) => Verify(token, (algorithm, text, signature) =>
        algorithm == "HS256" && CryptographicOperations.FixedTimeEquals(HMACSHA256.HashData(key, text), signature));

    /// <summary>The token when its RSA signature (RS256 or PS256) is right, else null.</summary>
    public static JsonWebToken? Verify(string token, RSA key) => Verify(token, (algorithm, text, signature) => algorithm switch
    {
        "RS256" => key.VerifyData(text, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pkcs1),
        "PS256" => key.VerifyData(text, signature, HashAlgorithmName.SHA256, RSASignaturePadding.Pss),
        _ => false,
    });

    /// <summary>The claims of a token that nothing has been checked of, to find the key with; null when it is no JWT.</summary>
    public static JsonElement? Peek(string token) => Parse(token)?.Claims;

    public string? Text(string claim) =>
        Claims.TryGetProperty(claim, out var value) ? value.ToString() : null;

    /// <summary>A NumericDate claim, null when absent.</summary>
    public DateTimeOffset? Time(string claim) =>
        Claims.TryGetProperty(claim, out var value) && value.ValueKind == JsonValueKind.Number
            ? DateTimeOffset.FromUnixTimeSeconds((long)Math.Clamp(value.GetDouble(), 0, 253402300799))
            : null;

    private static JsonWebToken? Verify(string token, Func<string, byte[], byte[], bool> genuine)
    {
        if (Parse(token) is not { } parsed || !parsed.Header.TryGetProperty("alg", out var algorithm))
            return null;

        var dot = token.LastIndexOf('.');
        var signature = Decode(token[(dot + 1)..]);
        return signature is not null && genuine(algorithm.ToString(), Encoding.UTF8.GetBytes(token[..dot]), signature) ? parsed : null;
    }

    private static JsonWebToken? Parse(string token)
    {
        if (token.Split('.') is not [var head, var body, _] || Object(head) is not { } header || Object(body) is not { } claims)
            return null;

        return new(header, claims);
    }

    private static JsonElement? Object(string part)
    {
        try
        {
            return Decode(part) is { } json && JsonDocument.Parse(json).RootElement is { ValueKind: JsonValueKind.Object } found ? found : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static byte[]? Decode(string part) => Base64Url.IsValid(part) ? Base64Url.DecodeFromChars(part) : null;
}
