using System.Text.RegularExpressions;

namespace RunnerBuild.Remote.Proxmox;

/// <summary>Proxmox's id of a task; the node it runs on is part of it.</summary>
internal sealed partial record Upid(string Value, string Node, string Kind, string Subject)
{
    /// <summary>Path of the task in the API, escaped.</summary>
    public string Path => $"/nodes/{Uri.EscapeDataString(Node)}/tasks/{Uri.EscapeDataString(Value)}";

    /// <summary>Null for what is no UPID: calls that are done at once answer with nothing.</summary>
    public static Upid? Parse(string? text) =>
        text is not null && Shape().Match(text) is { Success: true } match
            ? new(text, match.Groups["node"].Value, match.Groups["kind"].Value, match.Groups["subject"].Value)
            : null;

    public override string ToString() => Value;

    [GeneratedRegex(@"^UPID:(?<node>[A-Za-z0-9-]+):[0-9A-F]{8}:[0-9A-F]{8,9}:[0-9A-F]{8}:(?<kind>[^:\s/]+):(?<subject>[^:\s/]*):[^:\s/]+:$")]
    private static partial Regex Shape();
}
