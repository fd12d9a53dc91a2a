using System.Collections.Immutable;

namespace RunnerBuild.Config;

/// <summary>A Proxmox VE cluster: where it answers, as whom, and what proves that it is the right one.</summary>
/// <param name="Url">`https://host:8006`, without a trailing slash.</param>
/// <param name="Fingerprints">SHA-256 of the leaf certificates that are accepted, upper-case hex with colons.</param>
/// <param name="FingerprintFile">Absolute path of a file with one fingerprint a line, read when connecting; null when none is named.</param>
internal sealed record ProxmoxEndpoint(Uri Url, ProxmoxLogin Login, ImmutableArray<string> Fingerprints, string? FingerprintFile)
{
    /// <summary>Absolute path of PEM certificates; a server certificate that one of them signed for the address is accepted as well. Null: none.</summary>
    public string? CaFile { get; init; }

    /// <summary>The template that CreateTemplate makes here; null: none is to be made.</summary>
    public TemplateSpec? Template { get; init; }
}

/// <summary>As whom calls are made.</summary>
internal abstract record ProxmoxLogin(SecretReference Secret)
{
    /// <summary>`user@realm`.</summary>
    public abstract string User { get; }

    /// <param name="Id">`user@realm!name`.</param>
    public sealed record Token(string Id, SecretReference Secret) : ProxmoxLogin(Secret)
    {
        public override string User => Id.Split('!')[0];
    }

    /// <summary>A user with a password, who gets a ticket for two hours at a time.</summary>
    public sealed record Password(string Name, SecretReference Secret) : ProxmoxLogin(Secret)
    {
        public override string User => Name;
    }
}

/// <summary>A template to be made from a distribution's cloud image.</summary>
/// <param name="ImageStorage">Where the downloaded image is kept; it must take content of the kind `import`.</param>
/// <param name="Storage">Where the template's disk is.</param>
/// <param name="Checksum">`sha512:…` or `sha256:…`, lower-case hex.</param>
internal sealed record TemplateSpec(
    int VmId, string Name, string Node, Uri Image, string Checksum, string ImageStorage, string Storage, string Bridge);
