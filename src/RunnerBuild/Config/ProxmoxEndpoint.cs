using System.Collections.Immutable;

namespace RunnerBuild.Config;

/// <param name="Url">`https://host:8006`, without a trailing slash.</param>
/// <param name="TokenId">`user@realm!name`.</param>
/// <param name="Fingerprints">SHA-256 of the leaf certificates that are accepted, upper-case hex with colons; at least one, unless they come from a file.</param>
/// <param name="FingerprintFile">Absolute path of a file with one fingerprint a line, read when connecting; null when none is named.</param>
internal sealed record ProxmoxEndpoint(
    Uri Url, string TokenId, SecretReference TokenSecret, ImmutableArray<string> Fingerprints, string? FingerprintFile);
