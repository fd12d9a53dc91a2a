using System.Globalization;
using Lab.Proxmox.Access;
using Lab.Proxmox.Schema;

namespace Lab.Proxmox.Calls;

/// <summary>One method of the API: where it is, who may call it, what it takes, and what it does.</summary>
/// <param name="Path">With `{name}` for the parameters in it.</param>
internal sealed record ApiCall(
    string Method,
    string Path,
    Permission Permission,
    ParameterTable Parameters,
    Func<ApiRequest, CancellationToken, Task<object?>> Answer
)
{
    /// <summary>Anyone may call it, without a token or ticket.</summary>
    public bool IsOpen { get; init; }

    /// <summary>Tokens may not call it.</summary>
    public bool NeedsTicket { get; init; }
}

/// <summary>Throws 403 when the caller may not make the call. It runs before the parameters are checked, so their values can be anything.</summary>
internal delegate void Permission(AccessRules access, string caller, IReadOnlyDictionary<string, object> arguments);

/// <summary>A call that was let in: the caller and the checked parameters, those of the path included.</summary>
internal sealed record ApiRequest(string Caller, IReadOnlyDictionary<string, object> Arguments)
{
    public string Node => this["node"];

    public int VmId => Integer("vmid", 0);

    /// <summary>A parameter that is certain to be there.</summary>
    public string this[string name] => Text(name) ?? throw new ArgumentException($"The call has no parameter {name}.", nameof(name));

    public string? Text(string name) =>
        Arguments.GetValueOrDefault(name) switch
        {
            null => null,
            bool flag => flag ? "1" : "0",
            string text => text,
            var other => throw new ArgumentException($"{name} is not text but {other.GetType().Name}.", nameof(name)),
        };

    public bool Flag(string name, bool otherwise = false) => Text(name) is { } value ? value == "1" : otherwise;

    /// <summary>What is beyond an int counts as the nearest int.</summary>
    public int Integer(string name, int otherwise) =>
        Text(name) is { } value
            ? (int)Math.Clamp(double.Parse(value, CultureInfo.InvariantCulture), int.MinValue, int.MaxValue)
            : otherwise;

    public IReadOnlyList<string> List(string name) =>
        Arguments.GetValueOrDefault(name) switch
        {
            List<string> values => values,
            string value => Lists.Split(value),
            _ => [],
        };
}
