using System.Text.Json;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Random values for a parameter, made from what the schema says of it: such as fit, such as just do not, and others that are far off.</summary>
internal sealed class SchemaValues(Random random)
{
    private static readonly string[] Far =
    [
        "", "x", "0", "1", "-1", "+7", "3.5", "1e3", "true", "yes", "on", "null", " ", "a b", "ä", "a=b", "a,b", "a;b", "..", "99999999999999", "host", "192.168.1.9", "10.0.0.1/24", "10.0.0.1/33", "fe80::1",
        "2001:db8::1/64", "dhcp", "auto", "BC:24:11:00:00:01", "BD:24:11:00:00:01", "vmbr0", "local-lvm", "a-", "-a", "a_b", "A.b", "40G", "+4G", "4.5T", "1K", "%20", "a+b", "order=scsi0", "enabled=1",
    ];

    /// <param name="recorded">A value that the client sends.</param>
    public string For(JsonElement schema, string recorded) => random.Next(6) switch
    {
        0 => recorded,
        1 => Mutated(recorded),
        2 => Far[random.Next(Far.Length)],
        _ => Shaped(schema, recorded),
    };

    private string Shaped(JsonElement schema, string recorded)
    {
        if (schema.TryGetProperty("enum", out var values) && values.ValueKind == JsonValueKind.Array)
            return Sometimes(values[random.Next(values.GetArrayLength())].ToString());
        if (schema.TryGetProperty("format", out var format) && format.ValueKind == JsonValueKind.Object)
            return PropertyString(format, recorded);
        if (schema.TryGetProperty("maxLength", out var longest) && random.Next(3) == 0)
            return new string('a', longest.GetInt32() + random.Next(-1, 2));
        return Type(schema) switch
        {
            "boolean" => Sometimes(random.Next(2) == 0 ? "0" : "1"),
            "integer" or "number" => Number(schema),
            _ => Mutated(recorded),
        };
    }

    private string Number(JsonElement schema)
    {
        var edges = new[] { "minimum", "maximum" }.Where(edge => schema.TryGetProperty(edge, out _)).Select(edge => schema.GetProperty(edge).GetDouble()).ToArray();
        var near = edges.Length > 0 && random.Next(3) > 0 ? (long)edges[random.Next(edges.Length)] + random.Next(-1, 2) : random.Next(-5, 100_000);
        return Sometimes($"{near}");
    }

    private string PropertyString(JsonElement format, string recorded)
    {
        var keys = format.EnumerateObject().Where(key => key.Value.ValueKind == JsonValueKind.Object).ToArray();
        var said = recorded.Split(',').Select(part => part.Split('=', 2)).Where(part => part.Length == 2).ToLookup(part => part[0], part => part[1]);
        var parts = recorded.Split(',').Where(_ => random.Next(4) > 0).ToList();
        for (var more = random.Next(4); more > 0; more--)
        {
            var key = keys[random.Next(keys.Length)];
            var value = For(key.Value, said[key.Name].FirstOrDefault("1"));
            parts.Add(random.Next(8) == 0 ? value : $"{(random.Next(12) == 0 ? Mutated(key.Name) : key.Name)}={value}");
        }

        return string.Join(',', parts);
    }

    private string Sometimes(string value) => random.Next(5) == 0 ? Mutated(value) : value;

    private string Mutated(string value)
    {
        const string Letters = "aZ09.,;:=+-_/ %é\n";
        var at = random.Next(value.Length + 1);
        var letter = $"{Letters[random.Next(Letters.Length)]}";
        return random.Next(4) switch
        {
            0 when value.Length > 0 => value.Remove(Math.Min(at, value.Length - 1), 1),
            1 => value + letter,
            2 => value.ToUpperInvariant(),
            _ => value.Insert(at, letter),
        };
    }

    private static string Type(JsonElement schema) => schema.TryGetProperty("type", out var type) ? $"{type}" : "string";
}
