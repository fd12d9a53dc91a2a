using System.Net.Sockets;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using ConfigValues = System.Collections.Immutable.ImmutableSortedDictionary<string, string>;

namespace RunnerBuild.Planning;

/// <summary>A key of the configuration that differs.</summary>
/// <param name="From">What is there, for people; null: nothing.</param>
/// <param name="To">What is wanted, for people.</param>
/// <param name="Wire">The value to write, as Proxmox spells it.</param>
internal sealed record Setting(string Key, string? From, string To, string Wire);

/// <summary>Compares the keys of a configuration that a host of the fleet decides on. All others stay as they are.</summary>
internal static class VirtualMachineSettings
{
    public static IEnumerable<Setting> Differing(VirtualMachine want, ConfigValues have, ProxmoxRelease release)
    {
        Setting?[] settings =
        [
            Plain("name", have.GetValueOrDefault("name"), want.Name),
            Description(want, have.GetValueOrDefault("description")),
            Tags(want, have.GetValueOrDefault("tags")),
            .. Hardware(want, have),
            VirtualNetworkCard.Differing(want.Spec, have.GetValueOrDefault("net0")),
            Address(want, have.GetValueOrDefault("ipconfig0")),
            Nameservers(want, have.GetValueOrDefault("nameserver")),
            want.Spec.SearchDomain is { } domain ? Plain("searchdomain", have.GetValueOrDefault("searchdomain"), domain) : null,
            SshKeys(want, have.GetValueOrDefault("sshkeys")),
            Plain("ciuser", have.GetValueOrDefault("ciuser"), want.User),
            release.KnowsCiUpgrade ? Plain("ciupgrade", Flag(have.GetValueOrDefault("ciupgrade", "1")), "0") : null,
            Agent(have.GetValueOrDefault("agent")),
            Plain("onboot", Flag(have.GetValueOrDefault("onboot", "0")), want.Spec.OnBoot ? "1" : "0"),
            want.Spec.Protection is { } protection ? Plain("protection", Flag(have.GetValueOrDefault("protection", "0")), protection ? "1" : "0") : null,
        ];
        return settings.OfType<Setting>();
    }

    /// <summary>Keys that this fleet decides on; a pending value of another key is somebody else's affair.</summary>
    public static bool Manages(VirtualMachine want, string key) => key switch
    {
        "cpu" => want.Spec.Cpu is not null,
        "balloon" => want.Spec.BalloonMiB is not null,
        "protection" => want.Spec.Protection is not null,
        "nameserver" => !want.Spec.Nameservers.IsEmpty,
        "searchdomain" => want.Spec.SearchDomain is not null,
        _ => key is "name" or "description" or "tags" or "cores" or "sockets" or "memory" or "net0" or "ipconfig0" or "sshkeys" or "ciuser" or "ciupgrade" or "agent" or "onboot",
    };

    private static IEnumerable<Setting?> Hardware(VirtualMachine want, ConfigValues have)
    {
        yield return Plain("cores", have.GetValueOrDefault("cores", "1"), $"{want.Spec.Cores}");
        yield return Plain("sockets", have.GetValueOrDefault("sockets", "1"), $"{want.Spec.Sockets}");
        if (want.Spec.Cpu is { } cpu && !PropertyString.Parse(have.GetValueOrDefault("cpu"), "cputype").SameAs(PropertyString.Parse(cpu, "cputype")))
            yield return new("cpu", have.GetValueOrDefault("cpu"), cpu, cpu);
        var memory = Memory(have.GetValueOrDefault("memory"));
        yield return Plain("memory", memory, $"{want.Spec.MemoryMiB}");
        // Without a value it is what the memory is.
        if (want.Spec.BalloonMiB is { } balloon && have.GetValueOrDefault("balloon") != $"{balloon}")
            yield return new("balloon", have.GetValueOrDefault("balloon"), $"{balloon}", $"{balloon}");
    }

    private static Setting? Plain(string key, string? have, string want) => have == want ? null : new(key, have, want, want);

    private static string Flag(string value) => value.ToLowerInvariant() is "1" or "on" or "yes" or "true" ? "1" : "0";

    private static string Memory(string? value) => PropertyString.Parse(value, "current")["current"] ?? "512";

    private static Setting? Description(VirtualMachine want, string? have)
    {
        if (VirtualMachine.MarkedFor(have) == want.Name)
            return null;
        var kept = VirtualMachine.WithoutMark(have);
        return new("description", VirtualMachine.MarkedFor(have), want.Mark, kept.Length == 0 ? want.Description : $"{kept}\n{want.Mark}");
    }

    private static Setting? Tags(VirtualMachine want, string? have)
    {
        var there = List(have);
        var missing = want.Tags.Except(there, StringComparer.OrdinalIgnoreCase).ToArray();
        if (missing.Length == 0)
            return null;
        var all = string.Join(';', there.Concat(missing).Order(StringComparer.Ordinal));
        return new("tags", there.Length == 0 ? null : string.Join(';', there), all, all);
    }

    private static Setting? Address(VirtualMachine want, string? have)
    {
        var there = PropertyString.Parse(have, "ip");
        var six = want.Spec.Ip?.Address.AddressFamily == AddressFamily.InterNetworkV6 ? "6" : "";
        var wanted = there
            .With($"ip{six}", want.Spec.Ip?.ToString() ?? "dhcp")
            .With($"gw{six}", want.Spec.Ip is null ? null : want.Spec.Gateway?.ToString());
        return $"{wanted}" == $"{there}" ? null : new("ipconfig0", have, $"{wanted}", $"{wanted}");
    }

    private static Setting? Nameservers(VirtualMachine want, string? have)
    {
        var wanted = string.Join(' ', want.Spec.Nameservers);
        return wanted.Length == 0 ? null : Plain("nameserver", have is null ? null : string.Join(' ', List(have)), wanted);
    }

    private static Setting? SshKeys(VirtualMachine want, string? have)
    {
        var there = Lines(Uri.UnescapeDataString(have ?? ""));
        var wanted = Lines(string.Join('\n', want.Spec.SshKeys));
        if (wanted.Length == 0 || there.ToHashSet().SetEquals(wanted))
            return null;
        // Proxmox wants the keys percent-encoded before the form encodes them once more; a space must never become a plus.
        var wire = Uri.EscapeDataString(string.Join('\n', wanted));
        return new("sshkeys", there.Length == 0 ? null : Shown(there), Shown(wanted), wire);
    }

    private static Setting? Agent(string? have)
    {
        var there = PropertyString.Parse(have, "enabled");
        return Flag(there["enabled"] ?? "0") == "1" ? null : new("agent", have, "enabled", $"{there.With("enabled", "1")}");
    }

    private static string[] List(string? text) =>
        (text ?? "").Split([' ', ',', ';'], StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);

    private static string[] Lines(string text) =>
        [.. text.Split('\n', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries).Distinct()];

    // A key is known by its comment; the key itself is long and says nothing to a reader but its end.
    private static string Shown(IEnumerable<string> keys) =>
        string.Join(", ", keys.Select(key => key.Split(' ', 3) is [_, var body, .. var rest]
            ? rest is [var comment] ? comment : $"…{body[^Math.Min(8, body.Length)..]}"
            : key));
}
