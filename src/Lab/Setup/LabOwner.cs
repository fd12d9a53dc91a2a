namespace Lab.Setup;

/// <summary>
/// Which state directory a lab's name in Docker belongs to. Both sides are written down, the name in the directory and the directory on the
/// network, so that no command touches what another lab has made under the same name.
/// </summary>
internal static class LabOwner
{
    private const string Label = "runnerbuild.state";

    /// <summary>The name of the lab whose files are there; null when there is none.</summary>
    public static string? NameIn(LabFiles files) => File.Exists(files.Name) ? File.ReadAllText(files.Name).Trim() : null;

    public static string LabelOf(LabFiles files) => $"{Label}={files.Root}";

    /// <summary>Refuses a name whose network another directory has.</summary>
    public static async Task CheckAsync(string name, LabFiles files, CancellationToken cancel)
    {
        var format = $"{{{{.Label \"{Label}\"}}}}";
        var owners = await Docker.LinesAsync(["network", "ls", "--filter", $"label={LabOptions.LabelOf(name)}", "--format", format], cancel);
        if (owners.FirstOrDefault(owner => owner != files.Root) is { } other)
            throw new LabException(
                $"The lab `{name}` belongs to the state directory {other}, not to {files.Root}.",
                "its machines, volumes and images would be mixed up with, or lost to, this one's.",
                $"Use its own directory (`--state {other}`), or a lab of another name (`--name NAME`, with a subnet and ports of its own).");
    }
}
