using System.Collections.Immutable;

namespace RunnerBuild.Planning;

/// <summary>A value of Proxmox's configuration with properties in it: `virtio=BC:24:11:…,bridge=vmbr0`. Order and unknown properties are kept.</summary>
internal sealed class PropertyString
{
    private readonly ImmutableArray<KeyValuePair<string, string>> _parts;

    private PropertyString(ImmutableArray<KeyValuePair<string, string>> parts) => _parts = parts;

    /// <summary>The property's value, or null.</summary>
    public string? this[string key] => _parts.Where(part => part.Key == key).Select(part => part.Value).FirstOrDefault();

    /// <param name="defaultKey">The property that may stand without its name: `1` means `enabled=1`.</param>
    public static PropertyString Parse(string? text, string defaultKey) => new(
    [
        .. (text ?? "").Split(',', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries)
            .Select(part => part.Split('=', 2) is [var key, var value] ? KeyValuePair.Create(key, value) : KeyValuePair.Create(defaultKey, part)),
    ]);

    /// <summary>With the property set where it was, or at the end; null takes it out.</summary>
    public PropertyString With(string key, string? value)
    {
        if (value is null)
            return new([.. _parts.Where(part => part.Key != key)]);
        var changed = KeyValuePair.Create(key, value);
        return this[key] is null ? new(_parts.Add(changed)) : new([.. _parts.Select(part => part.Key == key ? changed : part)]);
    }

    /// <summary>Whether both say the same, in whatever order.</summary>
    public bool SameAs(PropertyString other) => _parts.ToHashSet().SetEquals(other._parts);

    public override string ToString() => string.Join(',', _parts.Select(part => $"{part.Key}={part.Value}"));
}
