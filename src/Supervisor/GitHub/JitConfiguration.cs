using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Supervisor.GitHub;

/// <summary>A just-in-time runner's own files, by name, out of the blob that GitHub's <c>generate-jitconfig</c> answers: base64 of JSON that maps file names to base64 contents.</summary>
internal sealed record JitConfiguration(IReadOnlyDictionary<string, byte[]> Files)
{
    private static readonly string[] needed = [".runner", ".credentials", ".credentials_rsaparams"];

    /// <summary>Unpacks a blob and switches off the runner's own updating, which a container that lives for one job cannot survive.</summary>
    public static JitConfiguration Unpack(string blob)
    {
        try
        {
            var files = Decode(blob);
            if (needed.FirstOrDefault(name => !files.ContainsKey(name)) is { } missing)
                throw new GitHubFault(FaultKind.Refused, $"GitHub's runner configuration has no {missing}.");
            files[".runner"] = With(files[".runner"], "DisableUpdate", "True");
            return new JitConfiguration(files);
        }
        catch (Exception fault) when (fault is FormatException or JsonException or InvalidOperationException)
        {
            // The content is a credential: the message must not quote it.
            throw new GitHubFault(FaultKind.Refused, "GitHub's runner configuration cannot be read: it is not base64 of a JSON object of base64 files.");
        }
    }

    /// <param name="path">Absolute; the runner takes what GitHub names as beside its own program.</param>
    public JitConfiguration WithWorkFolder(string path) => new(new Dictionary<string, byte[]>(Files) { [".runner"] = With(Files[".runner"], "WorkFolder", path) });

    private static Dictionary<string, byte[]> Decode(string blob)
    {
        using var document = JsonDocument.Parse(Convert.FromBase64String(blob));
        return document.RootElement.EnumerateObject()
            .Where(file => file.Name.StartsWith('.') && !file.Name.Contains('/') && file.Name.Trim('.').Length > 0)
            .ToDictionary(file => file.Name, file => file.Value.GetBytesFromBase64(), StringComparer.Ordinal);
    }

    private static byte[] With(byte[] runner, string name, string value)
    {
        var bom = Encoding.UTF8.Preamble;
        var settings = JsonNode.Parse(runner.AsSpan().StartsWith(bom) ? runner.AsSpan(bom.Length) : runner)!.AsObject();
        foreach (var same in settings.Select(property => property.Key).Where(key => key.Equals(name, StringComparison.OrdinalIgnoreCase)).ToList())
            settings.Remove(same);
        settings[name] = value;
        return Encoding.UTF8.GetBytes(settings.ToJsonString());
    }
}
