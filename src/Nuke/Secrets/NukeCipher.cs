using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Nuke.Common.Secrets;

/// <summary>NUKE's format, v1: AES-256-CBC under a key from 10,000 rounds over a salt that is the same everywhere, without a MAC. For files that NUKE shares.</summary>
internal static class NukeCipher
{
    public const string Prefix = "v1:";
    private const int Rounds = 10_000;

    public static string Encrypt(string text, string password)
    {
        using var aes = Aes(password, out var iv);
        return Prefix + Convert.ToBase64String(aes.EncryptCbc(Encoding.UTF8.GetBytes(text), iv));
    }

    /// <summary>Null when the password or the text is wrong, as far as the padding shows it.</summary>
    public static string? Decrypt(string text, string password, string name)
    {
        try
        {
            using var aes = Aes(password, out var iv);
            return new UTF8Encoding(false, throwOnInvalidBytes: true).GetString(aes.DecryptCbc(Convert.FromBase64String(text[Prefix.Length..]), iv));
        }
        catch (Exception exception) when (exception is FormatException or CryptographicException or ArgumentException)
        {
            return null;
        }
    }

    [SuppressMessage("Security", "CA5379", Justification = "NUKE's format has it so; own secrets have the other one.")]
    private static Aes Aes(string password, out byte[] iv)
    {
        var bytes = Rfc2898DeriveBytes.Pbkdf2(Encoding.UTF8.GetBytes(password), "Ivan Medvedev"u8, Rounds, HashAlgorithmName.SHA256, 48);
        var aes = System.Security.Cryptography.Aes.Create();
        aes.Key = bytes[..32];
        iv = bytes[32..];
        return aes;
    }
}
