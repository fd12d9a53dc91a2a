using System.Text.Json.Nodes;

namespace Lab.Runner.Working;

/// <summary>A container as a workflow asks for it, with expressions evaluated.</summary>
/// <param name="Options">For `docker create`, word by word.</param>
internal sealed record ContainerOrder(string Image, string[] Options, (string Key, string Value)[] Environment, string[] Ports, string[] Volumes)
{
    public static ContainerOrder? Of(JsonNode? token, Contexts contexts)
    {
        if (token is null)
            return null;
        JsonNode? Entry(string key) => (token["map"] as JsonArray ?? []).FirstOrDefault(entry => entry?["Key"]?.ToString() == key)?["Value"];
        string[] List(string key) => [.. (Entry(key)?["seq"] as JsonArray ?? []).Select(item => TemplateToken.Text(item, contexts)).OfType<string>()];
        return new ContainerOrder(
            TemplateToken.Text(Entry("image"), contexts) is { Length: > 0 } image ? image : throw new FormatException("A container of the job names no image."),
            (TemplateToken.Text(Entry("options"), contexts) ?? "").Split(' ', StringSplitOptions.RemoveEmptyEntries),
            [.. TemplateToken.Mapping(Entry("env"), contexts)], List("ports"), List("volumes"));
    }

    /// <summary>Services by their names.</summary>
    public static Dictionary<string, ContainerOrder> Services(JsonNode? token, Contexts contexts) =>
        (token?["map"] as JsonArray ?? []).ToDictionary(entry => entry!["Key"]!.ToString(), entry => Of(entry!["Value"], contexts)!);

    /// <summary>Words for `docker create` up to the image, this one included.</summary>
    public IEnumerable<string> Words() =>
    [
        .. Environment.SelectMany(pair => new[] { "--env", $"{pair.Key}={pair.Value}" }),
        .. Ports.SelectMany(port => new[] { "--publish", port }),
        .. Volumes.SelectMany(volume => new[] { "--volume", volume }),
        .. Options,
        Image,
    ];
}
