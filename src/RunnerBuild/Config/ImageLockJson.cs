using System.Collections.Immutable;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace RunnerBuild.Config;

/// <summary>A lock as JSON: always in the same order, so that a change of it reads as what changed.</summary>
internal static partial class ImageLockJson
{
    // Else `+` of a version, or an address, would be unreadable.
    private static readonly JsonSerializerOptions Lines = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };
    private static readonly JsonSerializerOptions OneLine = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <param name="indented">For people, a line an entry.</param>
    public static string Of(ImageLock @lock, bool indented)
    {
        var json = new JsonObject();
        if (@lock.Base is { } image)
            json["base"] = new JsonObject { ["reference"] = image.Reference, ["digest"] = image.Digest };
        if (@lock.Distribution is { } distribution)
            json["distribution"] = distribution;
        if (!@lock.Pinned.IsEmpty)
            json["pinned"] = new JsonObject(@lock.Pinned.Select(pin => KeyValuePair.Create<string, JsonNode?>(pin.Key, pin.Value)));
        if (!@lock.Rejected.IsEmpty)
            json["rejected"] = new JsonArray([.. @lock.Rejected.Select(tag => (JsonNode)tag)]);
        if (@lock.Runner is { } runner)
            json["runner"] = Of(runner);
        if (!@lock.Tools.IsEmpty)
            json["tools"] = new JsonObject(@lock.Tools.OrderBy(tool => tool.Key, StringComparer.Ordinal).Select(tool => KeyValuePair.Create<string, JsonNode?>(tool.Key, Of(tool.Value))));
        return indented ? json.ToJsonString(Lines).ReplaceLineEndings("\n") + "\n" : json.ToJsonString(OneLine);
    }

    /// <summary>Errors: <see cref="ConfigurationException"/> with what is wrong.</summary>
    /// <param name="from">Where the text is from, as people call it.</param>
    public static ImageLock Parse(string text, string from)
    {
        try
        {
            var json = JsonNode.Parse(text) as JsonObject ?? throw new JsonException("it is no object");
            Known(json, "base", "distribution", "pinned", "rejected", "runner", "tools");
            return new ImageLock
            {
                Base = json["base"] is JsonObject image ? BaseOf(image) : null,
                Distribution = json["distribution"] is { } distribution ? Text(distribution, OneLineOfText(), "one line of text") : null,
                Pinned = ImmutableSortedDictionary<string, string>.Empty.AddRange((json["pinned"] as JsonObject ?? []).Select(pin => KeyValuePair.Create(pin.Key, Text(pin.Value, Tag(), "a tag")))),
                Rejected = [.. (json["rejected"] as JsonArray ?? []).Select(tag => Text(tag, Tag(), "a tag"))],
                Runner = json["runner"] is JsonObject runner ? ReleaseOf(runner) : null,
                Tools = ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, (json["tools"] as JsonObject ?? []).Select(
                    tool => KeyValuePair.Create(tool.Key, ReleaseOf(tool.Value as JsonObject ?? throw new JsonException($"tools/{tool.Key} is no object"))))),
            };
        }
        catch (Exception fault) when (fault is JsonException or InvalidOperationException or ArgumentException)
        {
            throw new ConfigurationException(
                $"{from} cannot be used.", fault.Message, "Take it back from version control, or remove it: BuildCustomImage then looks up the newest releases and writes it anew.");
        }
    }

    private static JsonObject Of(PinnedRelease release)
    {
        var json = new JsonObject { ["version"] = release.Version, ["sha256"] = Of(release.Sha256) };
        if (!release.Urls.IsEmpty)
            json["url"] = Of(release.Urls);
        return json;
    }

    private static JsonObject Of(ImmutableSortedDictionary<string, string> byArchitecture) =>
        new(byArchitecture.OrderBy(entry => entry.Key, StringComparer.Ordinal).Select(entry => KeyValuePair.Create<string, JsonNode?>(entry.Key, entry.Value)));

    private static LockedBase BaseOf(JsonObject json)
    {
        Known(json, "reference", "digest");
        return new LockedBase(
            Text(json["reference"], Word(), "the reference of an image"), json["digest"] is { } digest ? Text(digest, Digest(), "a digest such as sha256:…") : null);
    }

    private static PinnedRelease ReleaseOf(JsonObject json)
    {
        Known(json, "version", "sha256", "url");
        return new PinnedRelease(Text(json["version"], Version(), "a release such as 2.330.0"), ByArchitecture(json["sha256"], Sha256(), "a SHA-256 in hexadecimal"))
        {
            Urls = json["url"] is { } urls ? ByArchitecture(urls, Address(), "a web address") : ImmutableSortedDictionary<string, string>.Empty,
        };
    }

    private static ImmutableSortedDictionary<string, string> ByArchitecture(JsonNode? node, Regex form, string expectation)
    {
        var json = node as JsonObject ?? throw new JsonException($"`{node?.GetPath() ?? "sha256"}` should have x64, arm64 or both");
        Known(json, "arm64", "x64");
        return ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, json.Select(entry => KeyValuePair.Create(entry.Key, Text(entry.Value, form, expectation))));
    }

    // All of it comes to stand in commands and build arguments.
    private static string Text(JsonNode? node, Regex form, string expectation) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && form.IsMatch(text)
            ? text
            : throw new JsonException($"{(node is null ? "something that is missing" : $"`{node.GetPath()}`")} should be {expectation}");

    private static void Known(JsonObject json, params string[] names)
    {
        if (json.Select(entry => entry.Key).Except(names).FirstOrDefault() is { } unknown)
            throw new JsonException($"`{json.GetPath()}` has `{unknown}`, which does not belong there");
    }

    [GeneratedRegex(@"\A[0-9]+\.[0-9]+\.[0-9]+([-+][0-9A-Za-z.+-]+)?\z")]
    private static partial Regex Version();

    [GeneratedRegex(@"\A[0-9a-f]{12}\z")]
    private static partial Regex Tag();

    [GeneratedRegex(@"\A[0-9a-f]{64}\z")]
    private static partial Regex Sha256();

    [GeneratedRegex(@"\Asha256:[0-9a-f]{64}\z")]
    private static partial Regex Digest();

    [GeneratedRegex(@"\Ahttps?://[^\s""'\\]+\z")]
    private static partial Regex Address();

    [GeneratedRegex(@"\A[^\s""'\\]+\z")]
    private static partial Regex Word();

    [GeneratedRegex(@"\A[^\p{C}]*\z")]
    private static partial Regex OneLineOfText();
}
