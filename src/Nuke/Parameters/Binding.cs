using System.Diagnostics.CodeAnalysis;
using Nuke.Common.IO;
using Nuke.Common.Output;

namespace Nuke.Common.Parameters;

/// <summary>The value of each option: from the command line, else the environment, else .nuke/parameters.json.</summary>
internal sealed class Binding(CommandLine line, EnvironmentVariables environment, string workingDirectory)
{
    private readonly Dictionary<Option, object> _values = [];
    private ParametersFile? _file;
    private string? _root;

    public List<string> Problems { get; } = [.. line.Problems];

    /// <summary>Adds the file below the root as the last source.</summary>
    public void AddFile(AbsolutePath root, IReadOnlyList<Option> options)
    {
        _root = root;
        _file = ParametersFile.Read(root, options);
        Problems.AddRange(_file.Problems);
    }

    public bool TryGet(Option option, [NotNullWhen(true)] out object? value) => _values.TryGetValue(option, out value);

    public T Get<T>(Option option, T otherwise) => _values.TryGetValue(option, out var value) ? (T)value : otherwise;

    /// <summary>Looks the option up in all sources and converts what it finds; what cannot be converted becomes a problem.</summary>
    public void Bind(Option option)
    {
        if (option.IsSecret)
            Hide(option);

        var raw = line.Of(option) ?? environment.Of(option, Problems) ?? _file?.Of(option);
        if (raw is null)
            return;

        if (option.IsSecret && raw.Origin == Origin.File)
            Problems.Add($"{raw.Source} is a secret and does not belong in a file: set the environment variable {option.VariableName}.");
        else if (option.IsList)
            BindList(option, raw);
        else if (raw.Texts.Count == 0)
            _values[option] = workingDirectory;
        else if (Convert(option, raw, raw.Texts[^1]) is { } value)
            _values[option] = value;
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
            return Conversion.Convert(text, option.ValueType, raw.Origin == Origin.File ? _root! : workingDirectory);
        }
        catch (FormatException exception)
        {
            Problems.Add($"{raw.Source}: {(option.IsSecret ? "the value (not shown)" : $"'{text}'")} {exception.Message}.");
            return null;
        }
    }

    // Also a value that another source overrides is secret.
    private void Hide(Option option)
    {
        foreach (var text in (line.Of(option)?.Texts ?? []).Concat(environment.ValuesOf(option)).Concat(_file?.Of(option)?.Texts ?? []))
        {
            Secrets.Known.Add(text);
            foreach (var part in option.Separators.Length > 0 ? text.Split(option.Separators) : [])
                Secrets.Known.Add(part.Trim());
        }
    }
}
