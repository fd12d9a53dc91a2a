using System.Security.Cryptography;
using System.Text;

namespace RunnerBuild.Remote;

/// <summary>What a file on a host must hold.</summary>
internal abstract record FileContent
{
    public sealed record Plain(string Value) : FileContent
    {
        public override byte[] Bytes() => Encoding.UTF8.GetBytes(Value);

        public override string ToString() => $"{Value.Length} characters";
    }

    public sealed record Hidden(Secret Value) : FileContent
    {
        public override byte[] Bytes() => Encoding.UTF8.GetBytes(Value.Reveal());

        public override string ToString() => "***";
    }

    /// <param name="Path">A file of this machine.</param>
    public sealed record Local(string Path) : FileContent
    {
        public override byte[] Bytes() => File.ReadAllBytes(Path);

        public override string ToString() => System.IO.Path.GetFileName(Path);
    }

    public abstract byte[] Bytes();

    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public string Hash => HashWith("");

    /// <summary>SHA-256 of the nonce followed by the content, lower-case hex: what the host answers for the same content.</summary>
    public string HashWith(string nonce) => Convert.ToHexStringLower(SHA256.HashData([.. Encoding.UTF8.GetBytes(nonce), .. Bytes()]));
}
