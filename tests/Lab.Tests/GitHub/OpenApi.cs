using System.Text.RegularExpressions;
using Newtonsoft.Json.Linq;
using NJsonSchema;

namespace Lab.Tests.GitHub;

/// <summary>
/// GitHub's published description of its REST API, which is not part of this project: `RUNNERBUILD_GITHUB_OPENAPI` names the file, best that of Enterprise
/// Cloud (`ghec.json`), which has the calls of all scopes.
/// </summary>
internal sealed class OpenApi
{
    private static readonly Lazy<OpenApi?> Named = new(() =>
        Environment.GetEnvironmentVariable("RUNNERBUILD_GITHUB_OPENAPI") is { Length: > 0 } file ? new(JObject.Parse(File.ReadAllText(file))) : null);

    private readonly JObject _document;
    private readonly List<(Regex Pattern, JObject Operations)> _paths;
    private readonly Dictionary<string, Task<JsonSchema>> _schemas = [];

    private OpenApi(JObject document)
    {
        _document = document;
        Mend(document);
        // The more of a path is fixed, the earlier it is tried.
        _paths = [.. ((JObject)document["paths"]!).Properties().OrderBy(path => path.Name.Count(c => c == '{')).Select(path => (PatternOf(path.Name), (JObject)path.Value))];
    }

    /// <summary>A slip in the description of Enterprise Cloud: the account of a listed installation would have to be a user and an enterprise at once.</summary>
    private static void Mend(JObject document)
    {
        if (document.SelectToken("$.paths['/app/installations'].get.responses['200'].content['application/json'].schema.items.properties.account") is not JObject account || account["allOf"] is not { } both)
            return;
        account.Remove("allOf");
        account["anyOf"] = both;
    }

    /// <summary>Null when no file is named: then nothing is checked.</summary>
    public static OpenApi? OfTestRun => Named.Value;

    /// <summary>What is wrong with an answer; null when nothing is.</summary>
    public async Task<string?> ProblemAsync(string method, string path, int status, string body)
    {
        if (_paths.Find(known => known.Pattern.IsMatch(path)).Operations is not { } operations)
            return status == 404 ? null : $"{method} {path} is none of GitHub's calls";
        if (operations[method.ToLowerInvariant()] is not JObject operation)
            return status == 404 ? null : $"{path} knows no {method}";

        // Refusals of any call are described once, as basic-error, and often not listed with the call.
        var response = Resolve(operation["responses"]![$"{status}"] as JObject);
        if (response is null && status < 400)
            return $"{method} {path} is not answered with {status}";
        var schema = (response?["content"]?["application/json"] ?? response?["content"]?.Children<JProperty>().FirstOrDefault()?.Value)?["schema"] as JObject
            ?? (status >= 400 ? JObject.Parse("""{"$ref":"#/components/schemas/basic-error"}""") : null);
        if (schema is null)
            return body.Length == 0 || status is 302 ? null : $"{method} {path}: {status} has no body";

        var errors = (await SchemaAsync(schema)).Validate(body, SchemaType.OpenApi3);
        return errors.Count == 0 ? null : $"{method} {path}: {status} {string.Join("; ", errors.Select(error => $"{error.Path} {error.Kind}"))}\n{body[..Math.Min(body.Length, 400)]}";
    }

    private JObject? Resolve(JObject? node) => node?["$ref"] is { } reference ? (JObject?)_document.SelectToken(reference.ToString()[2..].Replace('/', '.')) : node;

    private Task<JsonSchema> SchemaAsync(JObject schema)
    {
        lock (_schemas)
        {
            var key = schema.ToString();
            return _schemas.TryGetValue(key, out var known) ? known : _schemas[key] = JsonSchema.FromJsonAsync(Whole(schema).ToString());
        }
    }

    /// <summary>The schema with all that it refers to, so that it can be read by itself.</summary>
    private JObject Whole(JObject schema)
    {
        var whole = (JObject)schema.DeepClone();
        var definitions = new JObject();
        var open = new Queue<JToken>([whole]);
        while (open.TryDequeue(out var part))
        {
            foreach (var reference in ((JContainer)part).DescendantsAndSelf().OfType<JProperty>().Where(property => property.Name == "$ref").ToList())
            {
                var name = reference.Value.ToString().Split('/')[^1];
                reference.Value = $"#/definitions/{name}";
                if (definitions[name] is not null)
                    continue;
                definitions[name] = _document["components"]!["schemas"]![name]!.DeepClone();
                open.Enqueue(definitions[name]!);
            }
        }
        // Which of several shapes it is, the shapes themselves tell.
        foreach (var discriminator in definitions.Descendants().Concat(whole.Descendants()).OfType<JProperty>().Where(property => property.Name == "discriminator" && property.Value is JObject).ToList())
            discriminator.Remove();
        if (whole["$ref"] is not null)
            whole = new JObject { ["allOf"] = new JArray(whole) };
        whole["definitions"] = definitions;
        return whole;
    }

    private static Regex PatternOf(string path) => new($"^{Regex.Replace(Regex.Escape(path).Replace(@"\{", "{"), @"\{[^}]+\}", parameter => parameter.Value == "{path}" ? ".+" : "[^/]+")}$");
}
