using System.Reflection;
using Nuke.Common.CI;
using Nuke.Common.Execution;
using Nuke.Common.IO;
using Nuke.Common.Secrets;

namespace Nuke.Common.Parameters;

/// <summary>What a run is asked to do, read and checked before any code of the build runs.</summary>
internal sealed class Request
{
    private readonly Binding _binding;
    private readonly CommandLine _line;

    private Request(BuildDefinition definition, Invocation invocation)
    {
        Options = OptionsOf(definition);
        _line = CommandLine.Parse(invocation.Arguments, Options);
        _binding = new Binding(_line, new EnvironmentVariables(invocation.Environment), invocation.WorkingDirectory, new Passwords(invocation));

        _binding.Bind(BuiltIn.Root);
        _binding.Bind(BuiltIn.Profile);
        Root = FindRoot(invocation);
        if (Root != null)
            Array.ForEach([null, .. Profiles], profile => _binding.AddFile(Root, profile, Options));
        foreach (var option in Options.Where(x => x.IsBuiltIn && x != BuiltIn.Root && x != BuiltIn.Profile))
            _binding.Bind(option);
        // To show help or the plan no secret is needed, and so no password.
        foreach (var option in Options.Where(x => !x.IsBuiltIn && !(x.IsSecret && (Help || Plan))))
            _binding.Bind(option);

        HostName = FindHost(invocation);
        var names = new TargetNames(definition, _binding.Problems);
        Targets = [.. names.Resolve(_line.Words), .. _line.Words.Count == 0 || _line.Of(BuiltIn.Target) != null ? names.Resolve(Texts(BuiltIn.Target)) : []];
        Skips = _binding.TryGet(BuiltIn.Skip, out _) ? [.. names.Resolve(Texts(BuiltIn.Skip))] : null;
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
    public bool Continue => _binding.Get(BuiltIn.Continue, false);
    public bool Strict => _binding.Get(BuiltIn.Strict, false);
    public int Parallel => _binding.Get(BuiltIn.Parallel, 1);
    public Partition Partition => _binding.Get(BuiltIn.Partition, Partition.Single);
    public string[] Profiles => _binding.Get(BuiltIn.Profile, Array.Empty<string>());
    public string? GeneratedConfiguration => _binding.Get<string?>(BuiltIn.GenerateConfiguration, null);
    public IReadOnlyList<string> Problems => _binding.Problems;

    /// <summary>What was asked for, without the names of options and without secrets, to know the same request again.</summary>
    public string Essence => string.Join(' ', _line.Arguments.Where(x => !x.StartsWith('-') && !Options.Any(option => option.IsSecret && _line.Of(option)?.Texts.Contains(x) == true)));

    public static Request Read(BuildDefinition definition, Invocation invocation) => new(definition, invocation);

    public static IReadOnlyList<Option> OptionsOf(BuildDefinition definition) =>
        [.. BuiltIn.All, .. Members.With<ParameterAttribute>(definition.Type).Where(x => x.Member.DeclaringType != typeof(NukeBuild)).Select(x => Option.Of(x.Member, x.Attribute))];

    /// <summary>The value that was given for this parameter of the build or of a component; null when none was.</summary>
    public object? ValueOf(MemberInfo member)
    {
        var option = Options.FirstOrDefault(x => x.Member == member) ?? Options.FirstOrDefault(x => x.Member?.Name == member.Name);
        return option != null && _binding.TryGet(option, out var value) ? value : null;
    }

    /// <summary>Sets the members of the build. Throws <see cref="UsageException"/> for a value that its provider does not have.</summary>
    public void Inject(NukeBuild build)
    {
        foreach (var option in Options.Where(x => x.ValueProvider != null))
            _binding.Restrict(option, AllowedFor(option, build));
        if (_binding.Problems.Count > 0 && !Help)
            throw new UsageException(_binding.Problems);

        foreach (var option in Options)
        {
            if (option.Member is { DeclaringType.IsInterface: false } && _binding.TryGet(option, out var value))
                Members.Set(option.Member, build, value);
        }
    }

    public static List<string> AllowedFor(Option option, NukeBuild build) =>
        [.. Members.Provided(option.ValueProvider!.Value.Type ?? build.GetType(), option.ValueProvider.Value.Member, build)];

    private IEnumerable<(string, Option?)> Texts(Option option) => _binding.Get(option, Array.Empty<string>()).Select(text => (text, (Option?)null));

    private AbsolutePath? FindRoot(Invocation invocation)
    {
        if (!_binding.TryGet(BuiltIn.Root, out var given))
        {
            var found = RootSearch.From(invocation.WorkingDirectory, invocation.HomeDirectory);
            if (found is null)
                _binding.Problems.Add(RootSearch.NotFound(invocation.WorkingDirectory));
            return found;
        }

        if (!((string)given).Contains('\0', StringComparison.Ordinal) && Path.GetFullPath((string)given, invocation.WorkingDirectory) is var root && Directory.Exists(root))
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
            _binding.Problems.Add($"--host: '{given}' {Conversion.NoneOf(given, Hosts.Names).Message}.");
        return known ?? automatic;
    }

    private void CheckNames()
    {
        if (_binding.TryGet(BuiltIn.Parallel, out var degree) && (int)degree < 1)
            _binding.Problems.Add($"--parallel: '{degree}' targets cannot run side by side; give 1 or more.");
        foreach (var same in Options.GroupBy(x => x.Key).Where(x => x.Count() > 1))
            _binding.Problems.Add($"Several parameters have the name --{same.First().DashedName}; give one of them another by [Parameter(Name = …)].");
    }
}
