using System.Diagnostics.CodeAnalysis;
using System.Security.Cryptography;
using System.Text;

namespace Lab.Proxmox.State;

/// <summary>SHA-1 as lower-case hex.</summary>
internal static class Sha1Hex
{
    [SuppressMessage("Security", "CA5350", Justification = "The API's digests and instance ids are SHA-1; nothing is protected by them.")]
    public static string Of(string text) => Convert.ToHexStringLower(SHA1.HashData(Encoding.UTF8.GetBytes(text)));
}
