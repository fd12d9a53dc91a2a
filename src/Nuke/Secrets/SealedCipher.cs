using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Org.BouncyCastle.Crypto.Generators;
using Org.BouncyCastle.Crypto.Parameters;

namespace Nuke.Common.Secrets;

/// <summary>The engine's own format, v2: AES-256-GCM under a key from Argon2id with a salt of its own. The tag covers the name of the parameter too, so secrets cannot be exchanged.</summary>
internal static class SealedCipher
{
    public const string Prefix = "v2:";
    private const int SaltSize = 16, NonceSize = 12, TagSize = 16, KeySize = 32;

    // What OWASP recommends at least; they stand in each text, so that they can grow.
    private const int MemoryKiB = 19_456, Iterations = 2;
    private const int MostMemoryKiB = 1 << 20, MostIterations = 64;

    public static string Encrypt(string text, string password, string name)
    {
        var head = string.Create(CultureInfo.InvariantCulture, $"{Prefix}argon2id,m={MemoryKiB},t={Iterations}:");
        var salt = RandomNumberGenerator.GetBytes(SaltSize);
        var nonce = RandomNumberGenerator.GetBytes(NonceSize);
        var clear = Encoding.UTF8.GetBytes(text);
        var cipher = new byte[clear.Length];
        var tag = new byte[TagSize];
        using var aes = new AesGcm(KeyOf(password, salt, MemoryKiB, Iterations), TagSize);
        aes.Encrypt(nonce, clear, cipher, tag, Encoding.UTF8.GetBytes(head + name));
        return head + Convert.ToBase64String([.. salt, .. nonce, .. tag, .. cipher]);
    }

    /// <summary>Null when the password is wrong, or anything about the text was changed.</summary>
    public static string? Decrypt(string text, string password, string name)
    {
        try
        {
            var end = text.LastIndexOf(':') + 1;
            var head = text[..end];
            if (head.Split('=', ',', ':') is not ["v2", "argon2id", "m", var m, "t", var t, ""]
                || !int.TryParse(m, CultureInfo.InvariantCulture, out var memory) || memory is < 8 or > MostMemoryKiB
                || !int.TryParse(t, CultureInfo.InvariantCulture, out var iterations) || iterations is < 1 or > MostIterations)
                return null;

            var data = Convert.FromBase64String(text[end..]);
            var salt = data[..SaltSize];
            var nonce = data[SaltSize..(SaltSize + NonceSize)];
            var tag = data[(SaltSize + NonceSize)..(SaltSize + NonceSize + TagSize)];
            var cipher = data[(SaltSize + NonceSize + TagSize)..];
            var clear = new byte[cipher.Length];
            using var aes = new AesGcm(KeyOf(password, salt, memory, iterations), TagSize);
            aes.Decrypt(nonce, cipher, tag, clear, Encoding.UTF8.GetBytes(head + name));
            return Encoding.UTF8.GetString(clear);
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    private static byte[] KeyOf(string password, byte[] salt, int memoryKiB, int iterations)
    {
        var generator = new Argon2BytesGenerator();
        generator.Init(new Argon2Parameters.Builder(Argon2Parameters.Argon2id).WithSalt(salt).WithMemoryAsKB(memoryKiB).WithIterations(iterations).WithParallelism(1).Build());
        var key = new byte[KeySize];
        generator.GenerateBytes(Encoding.UTF8.GetBytes(password), key);
        return key;
    }
}
