using System.Security.Cryptography;
using System.Text;
using System.Text.Json;

namespace Supervisor.Configuration;

/// <summary>A hash of all that a runner container is made from; a container whose hash differs from its pool's is replaced when it is idle.</summary>
internal static class PoolHash
{
    // Slots, reservations and the name of the credential change nothing inside a container.
    public static string Of(PoolSettings pool, string host)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(host));
        hash.AppendData(JsonSerializer.SerializeToUtf8Bytes(pool with { Slots = [], Credential = "", ReservedMemoryBytes = null, ReservedCpus = null }, SettingsJson.Default.PoolSettings));
        foreach (var file in pool.Files)
            hash.AppendData(ContentOf(file.From));
        return Convert.ToHexStringLower(hash.GetHashAndReset())[..32];
    }

    /// <summary>The hash for a mint that carries other labels than the pool's.</summary>
    public static string WithLabel(string poolHash, string label) =>
        Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes($"{poolHash} {label}")))[..32];

    private static byte[] ContentOf(string path)
    {
        try
        {
            return SHA256.HashData(File.ReadAllBytes(path));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // It is reported when a container needs it, and must not keep the other pools from being served.
            return [];
        }
    }
}
