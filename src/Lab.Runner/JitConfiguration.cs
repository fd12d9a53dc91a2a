using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Lab.Runner;

/// <summary>Base64 of a JSON object: file name to base64 of its content.</summary>
internal static class JitConfiguration
{
    public static void Unpack(string text, RunnerRoot root)
    {
        try
        {
            var files = JsonNode.Parse(Encoding.UTF8.GetString(Convert.FromBase64String(text)))!.AsObject();
            foreach (var (name, content) in files)
                Write(root, name, Convert.FromBase64String(content!.GetValue<string>()));
        }
        catch (Exception wrong) when (wrong is FormatException or JsonException or InvalidOperationException or NullReferenceException)
        {
            throw new RunnerFailure($"The value of --jitconfig is no just-in-time configuration: {wrong.Message}", ExitCode.Terminated);
        }
    }

    private static void Write(RunnerRoot root, string name, byte[] content)
    {
        if (!RunnerRoot.ConfigurationFiles.Contains(name))
            throw new FormatException($"{name} is not a file of a configuration.");

        File.WriteAllBytes(root.File(name), content);
    }
}
