using System.Collections.Immutable;

namespace Lab.Proxmox.Schema;

/// <summary>A property string taken apart: key to value, in the order written. Booleans are 0 or 1.</summary>
internal static class PropertyStrings
{
    /// <exception cref="FormatException">The text is not a list of `key=value` with at most one bare value; the message is the server's.</exception>
    public static ImmutableDictionary<string, string> Parse(ParameterTable keys, string text)
    {
        var values = ImmutableDictionary.CreateBuilder<string, string>(StringComparer.Ordinal);
        foreach (var part in text.Split(',').Where(part => !string.IsNullOrWhiteSpace(part)))
        {
            var (key, value) = Pair(keys, part);
            if (NetworkModels.All.Contains(key) && keys.Find("model") is not null)
                Add(values, "model", key);
            var name =
                NetworkModels.All.Contains(key) && keys.Find("model") is not null ? "macaddr"
                : keys.Find(key)?.AliasOf ?? key;
            Add(values, name, keys.Find(name)?.Kind == ValueKind.Boolean ? Boolean(value) : value);
        }
        return values.ToImmutable();
    }

    /// <summary>Null when every key is known and every value is right.</summary>
    public static string? Check(Parameter parameter, string text)
    {
        var keys = new ParameterTable(parameter.Keys);
        try
        {
            var values = Parse(keys, text).ToDictionary(pair => pair.Key, pair => (object)pair.Value);
            var problems = SchemaCheck.Problems(keys, values);
            return problems.Count == 0
                ? null
                : "format error\n"
                    + string.Join(
                        '\n',
                        problems.Select(problem =>
                            $"{parameter.Name.Replace("[n]", "", StringComparison.Ordinal)}.{problem.Key}: {problem.Value}"
                        )
                    );
        }
        catch (FormatException problem)
        {
            return problem.Message;
        }
    }

    private static (string Key, string Value) Pair(ParameterTable keys, string part)
    {
        var equals = part.IndexOf('=', StringComparison.Ordinal);
        if (equals > 0 && equals < part.Length - 1)
            return (part[..equals], part[(equals + 1)..]);
        if (equals >= 0)
            throw new FormatException("missing key in comma-separated list property");
        var bare =
            keys.All.FirstOrDefault(key => key.IsDefaultKey)
            ?? throw new FormatException("value without key, but schema does not define a default key");
        return (bare.Name, part);
    }

    private static void Add(ImmutableDictionary<string, string>.Builder values, string key, string value)
    {
        if (!values.TryAdd(key, value))
            throw new FormatException($"duplicate key in comma-separated list property: {key}");
    }

    private static string Boolean(string value) =>
        value.ToLowerInvariant() switch
        {
            "1" or "on" or "yes" or "true" => "1",
            "0" or "off" or "no" or "false" => "0",
            _ => value,
        };
}
