using System.Collections.Immutable;

namespace Lab.Proxmox.Schema;

internal enum ValueKind
{
    String,
    Boolean,
    Integer,
    Number,
    Array,
}

/// <summary>What a parameter, or a key of a property string, may be.</summary>
internal sealed record Parameter(string Name, ValueKind Kind)
{
    public bool IsOptional { get; init; }

    public double? Minimum { get; init; }

    public double? Maximum { get; init; }

    public int? MaxLength { get; init; }

    public string? Pattern { get; init; }

    public ImmutableArray<string> Values { get; init; } = [];

    /// <summary>A name from <see cref="Formats"/>; with `-list` at the end every element is checked.</summary>
    public string? Format { get; init; }

    /// <summary>The keys of a property string; empty when the value is no property string.</summary>
    public ImmutableArray<Parameter> Keys { get; init; } = [];

    /// <summary>In a property string: the key that a bare value belongs to.</summary>
    public bool IsDefaultKey { get; init; }

    /// <summary>Another parameter that must come along.</summary>
    public string? Requires { get; init; }

    /// <summary>In a property string: another name of this key.</summary>
    public string? AliasOf { get; init; }

    /// <summary>Above zero: the parameter stands for `name0` to `name(N-1)`.</summary>
    public int Count { get; init; }

    public static Parameter Text(string name, string? format = null) => new(name, ValueKind.String) { Format = format };

    public static Parameter Choice(string name, params string[] values) => new(name, ValueKind.String) { Values = [.. values] };

    public static Parameter Alias(string name, string other) => new(name, ValueKind.String) { AliasOf = other, IsOptional = true };

    public static Parameter Flag(string name) => new(name, ValueKind.Boolean);

    public static Parameter Integer(string name, double? minimum = null, double? maximum = null) =>
        new(name, ValueKind.Integer) { Minimum = minimum, Maximum = maximum };

    public static Parameter Number(string name, double? minimum = null, double? maximum = null) =>
        new(name, ValueKind.Number) { Minimum = minimum, Maximum = maximum };

    public static Parameter PropertyString(string name, params Parameter[] keys) => new(name, ValueKind.String) { Keys = [.. keys] };

    public Parameter Optional() => this with { IsOptional = true };

    public Parameter DefaultKey() => this with { IsDefaultKey = true };

    public Parameter Matching(string pattern) => this with { Pattern = pattern };

    public Parameter AtMost(int length) => this with { MaxLength = length };

    public Parameter Indexed(int count) => this with { Count = count };
}
