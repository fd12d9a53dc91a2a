using System.Text.Json;
using System.Text.Json.Serialization;

namespace Lab;

/// <summary>The content of lab.json: the running server, for whoever wants to talk to it.</summary>
/// <param name="Version">Identity of the program that runs, from its compiled code.</param>
internal sealed record LabRecord(
    int Pid, string Version, string Name, string Control, string Proxmox, [property: JsonPropertyName("github")] string GitHub, string Registry, string Subnet)
{
    private static readonly JsonSerializerOptions Format = new(JsonSerializerDefaults.Web) { WriteIndented = true };

    /// <summary>The same for each build of the same sources, another one after any change.</summary>
    public static string CurrentVersion { get; } = typeof(LabRecord).Module.ModuleVersionId.ToString("n");

    public static LabRecord Of(LabOptions options, int pid) => new(
        pid, CurrentVersion, options.Name, Text(options.ControlUrl), Text(options.ProxmoxUrl), Text(options.GitHubUrl),
        options.Registry, options.Subnet.ToString());

    /// <summary>Null when the file is absent or not (yet) a whole record.</summary>
    public static LabRecord? Read(string path)
    {
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<LabRecord>(File.ReadAllText(path), Format);
        }
        catch (JsonException)
        {
            return null;
        }
    }

    public void Write(string path)
    {
        File.WriteAllText(path + ".new", JsonSerializer.Serialize(this, Format) + "\n");
        File.Move(path + ".new", path, overwrite: true);
    }

    private static string Text(Uri uri) => uri.GetLeftPart(UriPartial.Authority);
}
