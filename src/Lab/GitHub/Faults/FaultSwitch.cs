using System.Collections.Concurrent;
using System.Globalization;
using System.Text.RegularExpressions;

namespace Lab.GitHub.Faults;

/// <summary>The faults that are on now.</summary>
internal sealed partial class FaultSwitch(TimeProvider time)
{
    private const string Off = "off";
    private readonly ConcurrentDictionary<string, ActiveFault> _active = new();

    public IReadOnlyList<ActiveFault> Active => [.. _active.Values.Where(IsOn).OrderBy(fault => fault.Name)];

    /// <param name="name">One of <see cref="FaultKind.All"/>, or `all` with the value `off`.</param>
    /// <param name="value">`off`, or as the kind of fault has it.</param>
    public void Set(string name, string value)
    {
        if (name == "all" && value == Off)
            _active.Clear();
        else if (value == Off)
            _active.TryRemove(FaultKind.Of(name).Name, out _);
        else
            _active[name] = Read(FaultKind.Of(name), value);
    }

    public bool IsOn(string name) => _active.TryGetValue(name, out var fault) && IsOn(fault);

    /// <summary>How much longer it lasts; zero when it is off.</summary>
    public TimeSpan Left(string name) => _active.TryGetValue(name, out var fault) && fault.Until is { } until && until > time.GetUtcNow() ? until - time.GetUtcNow() : TimeSpan.Zero;

    public TimeSpan? Amount(string name) => _active.TryGetValue(name, out var fault) ? fault.Amount : null;

    public string? Text(string name) => _active.TryGetValue(name, out var fault) ? fault.Value : null;

    private bool IsOn(ActiveFault fault) => fault.Until is not { } until || until > time.GetUtcNow();

    private ActiveFault Read(FaultKind kind, string value) => kind.Value switch
    {
        FaultValue.Text => new(kind.Name, value, null, null),
        FaultValue.Amount => new(kind.Name, value, Duration(kind, value), null),
        _ => new(kind.Name, value, null, time.GetUtcNow() + Duration(kind, value)),
    };

    private static TimeSpan Duration(FaultKind kind, string text)
    {
        var match = DurationText().Match(text);
        if (!match.Success)
            throw new FaultProblem($"{kind.Name} should be a time such as 500ms, 30s, 5m or 1h, or off, is `{text}`.");

        var number = double.Parse(match.Groups["number"].Value, CultureInfo.InvariantCulture);
        return match.Groups["unit"].Value switch
        {
            "ms" => TimeSpan.FromMilliseconds(number),
            "s" => TimeSpan.FromSeconds(number),
            "m" => TimeSpan.FromMinutes(number),
            _ => TimeSpan.FromHours(number),
        };
    }

    [GeneratedRegex(@"^(?<number>-?\d{1,6}(\.\d+)?)(?<unit>ms|s|m|h)$")]
    private static partial Regex DurationText();
}

/// <param name="Until">When it ends by itself; null: when it is switched off.</param>
internal sealed record ActiveFault(string Name, string Value, TimeSpan? Amount, DateTimeOffset? Until);
