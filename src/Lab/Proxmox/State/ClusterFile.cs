using System.Text.Json;

namespace Lab.Proxmox.State;

/// <summary>The state's JSON file. A write replaces the file as a whole, so a crash leaves the old one.</summary>
internal sealed class ClusterFile(string? path)
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true };

    public ClusterContent? Read()
    {
        if (path is null || !File.Exists(path))
            return null;
        try
        {
            using var stream = File.OpenRead(path);
            return JsonSerializer.Deserialize<ClusterContent>(stream, Json);
        }
        catch (JsonException problem)
        {
            throw new InvalidDataException(
                $"The state of the Proxmox double in {path} cannot be read: {problem.Message} Remove the file to begin anew.",
                problem
            );
        }
    }

    public void Write(ClusterContent content)
    {
        if (path is null)
            return;
        var next = path + ".new";
        // The file holds password hashes.
        using (var stream = PrivateFile.Create(next, FileMode.Create))
            JsonSerializer.Serialize(stream, content, Json);
        File.Move(next, path, overwrite: true);
    }
}
