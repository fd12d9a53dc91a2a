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

    /// <summary>A file of this machine, read already: plans do no more than compare it.</summary>
    public sealed record Program(string Name, byte[] Value) : FileContent
    {
        public override byte[] Bytes() => Value;

        public override string ToString() => Name;
    }

    public abstract byte[] Bytes();

    /// <summary>SHA-256 of the content, lower-case hex.</summary>
    public string Hash => HashWith("");

    /// <summary>SHA-256 of the nonce followed by the content, lower-case hex: what the host answers for the same content.</summary>
    public string HashWith(string nonce)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(Encoding.UTF8.GetBytes(nonce));
        hash.AppendData(Bytes());
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
