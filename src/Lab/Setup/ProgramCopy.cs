using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;

namespace Lab.Setup;

/// <summary>The lab's program in a folder of its own. A build may replace the original at any moment, and what then answered would be another lab's server.</summary>
/// <param name="Version">Of the program that runs here, as <see cref="LabRecord.CurrentVersion"/>.</param>
internal sealed record ProgramCopy(string From, string To, string Version)
{
    private const string Main = "Lab.dll";

    /// <summary>A <see cref="LabException"/> when the original is not the program that runs here any more.</summary>
    public void RequireUnchanged() => Require(From);

    public void Make()
    {
        foreach (var file in Directory.EnumerateFiles(From, "*", SearchOption.AllDirectories))
        {
            var target = Path.Combine(To, Path.GetRelativePath(From, file));
            Directory.CreateDirectory(Path.GetDirectoryName(target)!);
            File.Copy(file, target);
        }
        Require(To);
    }

    private void Require(string folder)
    {
        if (VersionIn(Path.Combine(folder, Main)) != Version)
            throw new LabException(
                "The lab's program changed while it was bringing the lab up.", $"{Path.Combine(From, Main)} is of another build now, or is being written.",
                "Wait for the build to end, then run the same command again.");
    }

    private static string? VersionIn(string assembly)
    {
        try
        {
            using var file = new PEReader(File.OpenRead(assembly));
            var metadata = file.GetMetadataReader();
            return metadata.GetGuid(metadata.GetModuleDefinition().Mvid).ToString("n");
        }
        catch (Exception torn) when (torn is BadImageFormatException or InvalidOperationException or IOException)
        {
            return null;
        }
    }
}
