using System.Collections.Immutable;

namespace Lab.Proxmox.Schema;

/// <summary>The parameters of one call, or the keys of one property string.</summary>
internal sealed class ParameterTable(IEnumerable<Parameter> parameters)
{
    private readonly ImmutableDictionary<string, Parameter> _byName = parameters.ToImmutableDictionary(parameter => parameter.Name);

    public IEnumerable<Parameter> All => _byName.Values;

    /// <summary>Null for an unknown name, and for an index that is too high or written with leading zeros.</summary>
    public Parameter? Find(string name)
    {
        if (_byName.TryGetValue(name, out var parameter) && parameter.Count == 0)
            return parameter;
        var family = name.TrimEnd("0123456789".ToCharArray());
        var index = name[family.Length..];
        return
            _byName.TryGetValue(family + "[n]", out var indexed)
            && int.TryParse(index, out var number)
            && number < indexed.Count
            && number.ToString() == index
            ? indexed
            : null;
    }
}
