namespace RunnerBuild.Config.Yaml;

/// <summary>
/// What a section says, laid over what its defaults say. A key whose value is a problem counts as said, so that it is reported once;
/// its default then takes its place, and what is built from it is thrown away. So does a key that is deliberately `null`.
/// </summary>
internal sealed class Settings(Place at)
{
    private readonly Dictionary<Key, (Place At, object? Value)> _answers = [];

    public Place At { get; } = at;

    public Settings? Defaults { get; private init; }

    public IEnumerable<Key> Said => _answers.Keys;

    /// <summary>This section, then its defaults, then theirs.</summary>
    public IEnumerable<Settings> Layers => Defaults is null ? [this] : [this, .. Defaults.Layers];

    /// <param name="value">Null: deliberately nothing, or a problem.</param>
    public void Add(Key key, Place at, object? value) => _answers[key] = (at, value);

    /// <summary>What stands for a section that could not be read: every key counts as said, so that none is reported as missing.</summary>
    public static Settings Unreadable(Place at, Section section)
    {
        var settings = new Settings(at);
        foreach (var key in section.Keys)
            settings.Add(key, at, null);
        return settings;
    }

    public Settings Over(Settings? defaults)
    {
        var layered = new Settings(At) { Defaults = Defaults?.Over(defaults) ?? defaults };
        foreach (var (key, said) in _answers)
            layered.Add(key, said.At, said.Value);
        return layered;
    }

    /// <summary>Whether there is a value that could be read, here or in the defaults.</summary>
    public bool Has(Key key) => Answer(key)?.Value is not null;

    public T Get<T>(Key<T> key) => Answer(key)?.Value is T value ? value : key.Otherwise(At.Reading);

    /// <summary>Null when nobody says it, or when what is said is a problem.</summary>
    public T? Find<T>(Key<T> key) where T : class => Answer(key)?.Value as T;

    /// <summary>As <see cref="Get{T}"/>, for what must be said somewhere.</summary>
    /// <param name="elsewhere">Where else than here it can be said: `defaults/vm`.</param>
    public T Require<T>(Key<T> key, string elsewhere)
    {
        if (Answer(key) is null)
            At.Say(key.Name, $"is missing; say it here or in {elsewhere}: {key.Description}");
        return Get(key);
    }

    /// <summary>Where a key's value is, here or in the defaults; else the section.</summary>
    public Place PlaceOf(Key key) => Answer(key)?.At ?? At.Below(key.Name, At.Node);

    private (Place At, object? Value)? Answer(Key key) =>
        _answers.TryGetValue(key, out var said) ? said : Defaults?.Answer(key);
}

internal static class OptionalSettings
{
    /// <summary>For values whose type has no null of its own.</summary>
    public static T? Maybe<T>(this Settings settings, Key<T> key) where T : struct => settings.Has(key) ? settings.Get(key) : null;
}
