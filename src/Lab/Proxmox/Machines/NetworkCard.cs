using System.Collections.Immutable;
using System.Security.Cryptography;
using Lab.Proxmox.Schema;

namespace Lab.Proxmox.Machines;

/// <summary>A network card of a guest. A text without a MAC address gets a new one each time it is read.</summary>
internal sealed record NetworkCard(string Model, string MacAddress, ImmutableSortedDictionary<string, string> Options)
{
    private static readonly ParameterTable Keys = new(ConfigParameters.Network.Keys);

    public string? Bridge => Options.GetValueOrDefault("bridge");

    public static NetworkCard Parse(string text)
    {
        var values = PropertyStrings.Parse(Keys, text);
        return new(
            values["model"],
            (values.GetValueOrDefault("macaddr") ?? NewMacAddress()).ToUpperInvariant(),
            values.RemoveRange(["model", "macaddr"]).ToImmutableSortedDictionary(StringComparer.Ordinal)
        );
    }

    public NetworkCard WithNewMacAddress() => this with { MacAddress = NewMacAddress() };

    public override string ToString() =>
        string.Join(',', Options.Select(option => $"{option.Key}={option.Value}").Prepend($"{Model}={MacAddress}"));

    // The prefix is the one registered for Proxmox.
    private static string NewMacAddress() =>
        "BC:24:11:" + string.Join(':', RandomNumberGenerator.GetBytes(3).Select(part => part.ToString("X2")));
}
