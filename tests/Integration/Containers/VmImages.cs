using System.Net;
using Integration.Running;
using Lab;
using Lab.Setup;

namespace Integration.Containers;

/// <summary>The image of the lab's machines, for a host that is not the lab's: built when no lab has built it.</summary>
internal static class VmImages
{
    private static readonly LabOptions Options = new("rbit-plain", "/nowhere", IPNetwork.Parse(LabOptions.DefaultSubnet), new LabPorts());

    public static async Task<string> AnyAsync(CancellationToken cancel)
    {
        await new BaseImage(Options, _ => { }).EnsureAsync(cancel);
        await new VmImage(Options, _ => { }).EnsureAsync(cancel);
        return VmImage.Tag(Options);
    }

    /// <summary>Takes the names away again; what other labs made stays theirs.</summary>
    public static Task RemoveAsync() => LocalProgram.RunAsync("docker", "image", "rm", "--force", VmImage.Tag(Options), Options.BaseImage);
}
