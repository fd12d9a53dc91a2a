using RunnerBuild.Config;

namespace RunnerBuild.Desired;

/// <summary>A template that is made of a distribution's cloud image.</summary>
internal sealed record TemplateImage(TemplateSpec Spec)
{
    private const string MarkKey = "runnerbuild-template:";

    public GuestId Id => new(Spec.Node, Spec.VmId);

    public string Algorithm => Spec.Checksum.Split(':')[0];

    public string Digest => Spec.Checksum.Split(':')[1];

    /// <summary>Named after its content, so that another image never passes for this one; Proxmox takes no other endings than its own.</summary>
    public string FileName => $"{Spec.Name}-{Digest[..16]}.qcow2";

    public string VolumeId => $"{Spec.ImageStorage}:import/{FileName}";

    /// <summary>The line of the description that says what it was made of, and that it was made here.</summary>
    public string Mark => $"{MarkKey} {Spec.Checksum[..^(Digest.Length - 16)]}";

    public string Description => $"Template for GitHub Actions runner hosts, made by RunnerBuild from {Spec.Image}.\n{Mark}";

    public static bool IsMarked(string? description) =>
        description?.Split('\n', StringSplitOptions.TrimEntries).Any(line => line.StartsWith(MarkKey, StringComparison.Ordinal)) == true;
}
