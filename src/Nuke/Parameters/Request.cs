using Nuke.Common.Execution;
using Nuke.Common.IO;

namespace Nuke.Common.Parameters;

/// <summary>What a run is asked to do, read and checked before any code of the build runs.</summary>
internal sealed class Request
{
    private readonly Binding _binding;
    private readonly IReadOnlyList<string> _targetNames;

    private Request(BuildDefinition definition, Invocation invocation)
    {
        Options = [.. BuiltIn.All, .. Members.ParametersOf(definition.Type).Select(x => Option.Of(x.Member, x.Attribute))];
        _targetNames = [.. TargetGraph.Members(definition.Type).Select(x => x.Name)];
        var line = CommandLine.Parse(invocation.Arguments, Options);
        _binding = new Binding(line, new EnvironmentVariables(invocation.Environment), invocation.WorkingDirectory);

        _binding.Bind(BuiltIn.Root);
        Root = FindRoot(invocation);
        if (Root != null)
            _binding.AddFile(Root, Options);
        foreach (var option in Options.Where(x => x != BuiltIn.Root))
            _binding.Bind(option);

        HostName = FindHost(invocation);
        Targets = [.. Resolve(line.Words.Select(x => (x.Text, x.After))), .. Resolve(BuiltIn.Target, isUsed: line.Words.Count == 0 || line.Of(BuiltIn.Target) != null)];
        Skips = _binding.TryGet(BuiltIn.Skip, out _) ? [.. Resolve(BuiltIn.Skip, isUsed: true)] : null;
        CheckNames();
    }

    public IReadOnlyList<Option> Options { get; }
    public AbsolutePath? Root { get; }
    public string HostName { get; }

    /// <summary>Names of properties of the build; empty when none was asked for.</summary>
    public IReadOnlyList<string> Targets { get; }

    /// <summary>Null when nothing is skipped; empty when everything is that was not asked for.</summary>
    public IReadOnlyList<string>? Skips { get; }

    public Verbosity Verbosity => _binding.Get(BuiltIn.Verbosity, Verbosity.Normal);
    public bool Help => _binding.Get(BuiltIn.Help, false);
    public bool Plan => _binding.Get(BuiltIn.Plan, false);
    public bool NoLogo => _binding.Get(BuiltIn.NoLogo, false);
    public IReadOnlyList<string> Problems => _binding.Problems;

    public static Request Read(BuildDefinition definition, Invocation invocation) => new(definition, invocation);

    public void Inject(NukeBuild build)
    {
        foreach (var option in Options)
        {
            if (option.Member != null && _binding.TryGet(option, out var value))
                Members.Set(option.Member, build, value);
        }
    }

    private AbsolutePath? FindRoot(Invocation invocation)
    {
        if (!_binding.TryGet(BuiltIn.Root, out var given))
        {
            var found = RootSearch.From(invocation.WorkingDirectory, invocation.HomeDirectory);
            if (found is null)
                _binding.Problems.Add(RootSearch.NotFound(invocation.WorkingDirectory));
            return found;
        }

        AbsolutePath root = Path.GetFullPath((string)given, invocation.WorkingDirectory);
        if (root.DirectoryExists())
            return root;

        _binding.Problems.Add($"--root: the directory '{given}' does not exist.");
        return null;
    }

    private string FindHost(Invocation invocation)
    {
        var automatic = string.IsNullOrEmpty(invocation.Environment.GetValueOrDefault("GITHUB_ACTIONS")) ? Hosts.Terminal : Hosts.GitHubActions;
        var given = _binding.Get(BuiltIn.Host, automatic);
        var known = Hosts.Names.FirstOrDefault(x => x.Equals(given, StringComparison.OrdinalIgnoreCase));
        if (known is null)
            _binding.Problems.Add($"--host: '{given}' is not one of {string.Join(", ", Hosts.Names)}.");
        return known ?? automatic;
    }

    private List<string> Resolve(Option option, bool isUsed) =>
        isUsed ? Resolve(_binding.Get(option, Array.Empty<string>()).Select(text => (text, (Option?)null))) : [];

    private List<string> Resolve(IEnumerable<(string Text, Option? After)> words)
    {
        var found = new List<string>();
        foreach (var (text, after) in words.SelectMany(word => word.Text.Split('+').Select(part => (part, word.After))))
        {
            if (_targetNames.FirstOrDefault(x => Names.Key(x) == Names.Key(text)) is { } name)
                found.Add(name);
            else
                _binding.Problems.Add(Unknown(text, after));
        }

        return [.. found.Distinct()];
    }

    private string Unknown(string text, Option? after)
    {
        if (after is { IsSecret: true })
            return $"What follows the value of --{after.DashedName} is no target (not shown); a value with spaces needs quotes.";

        var hint = Nearest.Hint(text, _targetNames);
        return after is null
            ? $"Target with name '{text}' does not exist.{hint} Available targets are: {string.Join(", ", _targetNames.Order(StringComparer.Ordinal))}."
            : $"'{text}' is no further value of --{after.DashedName}, which takes one, and no target.{hint}";
    }

    private void CheckNames()
    {
        foreach (var same in Options.GroupBy(x => x.Key).Where(x => x.Count() > 1))
            _binding.Problems.Add($"Several parameters have the name --{same.First().DashedName}; give one of them another by [Parameter(Name = …)].");
    }
}
