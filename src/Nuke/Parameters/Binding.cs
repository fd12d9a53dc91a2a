using System.Diagnostics.CodeAnalysis;
using Nuke.Common.IO;
using Nuke.Common.Output;
using Nuke.Common.Secrets;

namespace Nuke.Common.Parameters;

/// <summary>The value of each option: from the command line, else the environment, else the file of the last profile that has it, else .nuke/parameters.json.</summary>
internal sealed class Binding(CommandLine line, EnvironmentVariables environment, string workingDirectory, Passwords passwords)
{
    private readonly Dictionary<Option, object> _values = [];
    private readonly Dictionary<Option, RawValue> _sources = [];
    private readonly List<ParametersFile> _files = [];
    private string? _root;

    public List<string> Problems { get; } = [.. line.Problems];

    /// <summary>Adds the file below the root as the first that is asked, before those added earlier.</summary>
    public void AddFile(AbsolutePath root, string? profile, IReadOnlyList<Option> options)
    {
        _root = root;
        _files.Insert(0, ParametersFile.Read(root, profile, options));
        Problems.AddRange(_files[0].Problems);
    }

    public bool TryGet(Option option, [NotNullWhen(true)] out object? value) => _values.TryGetValue(option, out value);

    public T Get<T>(Option option, T otherwise) => _values.TryGetValue(option, out var value) ? (T)value : otherwise;

    /// <summary>Looks the option up in all sources and converts what it finds; what cannot be converted becomes a problem.</summary>
    public void Bind(Option option)
    {
        if (option.IsSecret)
            Hide(option);

        var raw = line.Of(option) ?? environment.Of(option, Problems) ?? _files.Select(x => x.Of(option)).FirstOrDefault(x => x != null);
        if (option.IsSecret && raw is { Origin: Origin.File })
            raw = Decrypt(option, raw);
        if (raw is null)
            return;

        _sources[option] = raw;
        if (option.IsList)
            BindList(option, raw);
        else if (raw.Texts.Count == 0)
            _values[option] = option == BuiltIn.Parallel ? Environment.ProcessorCount : workingDirectory;
        else if (Convert(option, raw, raw.Texts[^1]) is { } value)
            _values[option] = value;
    }

    /// <summary>Makes it a problem when the value, or an element of it, is none of these.</summary>
    public void Restrict(Option option, IReadOnlyCollection<string> allowed)
    {
        if (!_values.TryGetValue(option, out var value))
            return;

        foreach (var text in (value as IEnumerable<string> ?? [$"{value}"]).Where(x => !allowed.Contains(x)))
            Problems.Add($"{_sources[option].Source}: {Quote(option, text)} {Conversion.NoneOf(text, allowed).Message}.");
    }

    private void BindList(Option option, RawValue raw)
    {
        var texts = raw.IsSplit || option.Separators.Length == 0
            ? raw.Texts
            : [.. raw.Texts.SelectMany(x => x.Split(option.Separators, StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries))];
        var values = texts.Select(text => Convert(option, raw, text)).ToList();
        if (values.Contains(null))
            return;

        var array = Array.CreateInstance(option.ValueType, values.Count);
        for (var i = 0; i < values.Count; i++)
            array.SetValue(values[i], i);
        _values[option] = array;
    }

    private object? Convert(Option option, RawValue raw, string text)
    {
        try
        {
            return raw.IsObject ? Conversion.OfJson(text, option.Type) : Conversion.Convert(text, option.ValueType, raw.Origin == Origin.File ? _root! : workingDirectory);
        }
        catch (FormatException exception)
        {
            Problems.Add($"{raw.Source}: {Quote(option, text)} {exception.Message}{(exception.Message.EndsWith('?') ? "" : ".")}");
            return null;
        }
    }

    private RawValue? Decrypt(Option option, RawValue raw)
    {
        try
        {
            var texts = raw.Texts.Select(text => SecretText.Decrypt(text, () => passwords.Of(raw.Profile, environment, line, Problems), option.Name)).ToList();
            texts.ForEach(SecretValues.Known.Add);
            return raw with { Texts = texts };
        }
        catch (SecretException exception)
        {
            Problems.Add($"{raw.Source} {exception.Message}");
            return null;
        }
    }

    private static string Quote(Option option, string text) => option.IsSecret ? "the value (not shown)" : $"'{text}'";

    // Also a value that another source overrides is secret.
    private void Hide(Option option)
    {
        foreach (var text in (line.Of(option)?.Texts ?? []).Concat(environment.ValuesOf(option)).Concat(_files.SelectMany(x => x.Of(option)?.Texts ?? [])))
        {
            SecretValues.Known.Add(text);
            foreach (var part in option.Separators.Length > 0 ? text.Split(option.Separators) : [])
                SecretValues.Known.Add(part.Trim());
        }
    }
}
