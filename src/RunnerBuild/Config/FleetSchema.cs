using System.Text.Encodings.Web;
using System.Text.Json;
using RunnerBuild.Config.Sections;
using RunnerBuild.Config.Yaml;

namespace RunnerBuild.Config;

/// <summary>The JSON schema of fleet files, for editors: made from the same descriptions that the reader goes by.</summary>
internal static class FleetSchema
{
    private static readonly JsonSerializerOptions Readable = new(
        ) { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    /// <summary>Draft 7, which editors' YAML support knows best.</summary>
    public static string ToJson()
    {
        var definitions = new Definitions();
        var schema = FleetSection.Section.DescribeInFull(definitions);
        schema.Insert(0, "$schema", "http://json-schema.org/draft-07/schema#");
        schema.Insert(1, "title", "RunnerBuild fleet");
        schema.Add("definitions", definitions.ToJson());
        return schema.ToJsonString(Readable) + "\n";
    }
}
