using System.Security.Cryptography;

namespace Lab.GitHub.State;

/// <summary>A runner that the double knows. `Modulus` and `Exponent` are standard base64 of big-endian bytes.</summary>
internal sealed class Registration
{
    public required long Id { get; init; }
    public required string Name { get; init; }
    public required string Scope { get; init; }
    public required int GroupId { get; init; }
    public required string ClientId { get; init; }
    public required string Modulus { get; init; }
    public required string Exponent { get; init; }
    public required List<string> Labels { get; set; }
    public List<string> SystemLabels { get; init; } = [];
    public bool Ephemeral { get; init; } = true;
    public string Version { get; set; } = "";
    public DateTimeOffset Created { get; init; }
    public DateTimeOffset Seen { get; set; }

    public RSA PublicKey() => RSA.Create(new RSAParameters
    {
        Modulus = Convert.FromBase64String(Modulus),
        Exponent = Convert.FromBase64String(Exponent),
    });

    public bool Takes(WorkflowJob job) =>
        RunnerScope.Parse(Scope).Serves(job.Repository)
        && job.Labels.All(label => Labels.Contains(label, StringComparer.OrdinalIgnoreCase));
}
