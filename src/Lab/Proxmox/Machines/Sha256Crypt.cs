using System.Security.Cryptography;
using System.Text;

namespace Lab.Proxmox.Machines;

/// <summary>Hashes passwords the way `/etc/shadow` wants them: SHA-256 crypt, `$5$salt$hash`, 5000 rounds.</summary>
internal static class Sha256Crypt
{
    private const int Rounds = 5000;
    private const string Alphabet = "./0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz";

    public static string Hash(string password) => Hash(password, RandomNumberGenerator.GetString(Alphabet, 16));

    public static string Hash(string password, string salt)
    {
        var key = Encoding.UTF8.GetBytes(password);
        var saltBytes = Encoding.ASCII.GetBytes(salt);
        var digest = First(key, saltBytes);
        var keyPart = Stretch(SHA256.HashData(Repeat(key, key.Length)), key.Length);
        var saltPart = Stretch(SHA256.HashData(Repeat(saltBytes, 16 + digest[0])), saltBytes.Length);
        for (var round = 0; round < Rounds; round++)
            digest = Round(digest, keyPart, saltPart, round);
        return $"$5${salt}${Encode(digest)}";
    }

    private static byte[] First(byte[] key, byte[] salt)
    {
        var alternate = SHA256.HashData([.. key, .. salt, .. key]);
        var input = new List<byte>([.. key, .. salt, .. Stretch(alternate, key.Length)]);
        for (var bits = key.Length; bits > 0; bits >>= 1)
            input.AddRange((bits & 1) == 1 ? alternate : key);
        return SHA256.HashData([.. input]);
    }

    private static byte[] Round(byte[] digest, byte[] key, byte[] salt, int round)
    {
        var odd = round % 2 == 1;
        return SHA256.HashData([.. odd ? key : digest, .. round % 3 != 0 ? salt : [], .. round % 7 != 0 ? key : [], .. odd ? digest : key]);
    }

    private static byte[] Repeat(byte[] bytes, int times) => [.. Enumerable.Repeat(bytes, times).SelectMany(part => part)];

    private static byte[] Stretch(byte[] bytes, int length) =>
        [.. Enumerable.Range(0, length).Select(index => bytes[index % bytes.Length])];

    private static string Encode(byte[] digest)
    {
        var text = new StringBuilder();
        for (int group = 0, high = 0; group < 10; group++, high = (high + 21) % 30)
            Append(text, digest[high] << 16 | digest[(high + 10) % 30] << 8 | digest[(high + 20) % 30], 4);
        Append(text, digest[31] << 8 | digest[30], 3);
        return text.ToString();
    }

    private static void Append(StringBuilder text, int bits, int letters)
    {
        for (; letters > 0; letters--, bits >>= 6)
            text.Append(Alphabet[bits & 0x3f]);
    }
}
