using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using System.Net;
using System.Net.Sockets;
using Lab.Proxmox;
using Lab.Setup;

namespace Lab;

/// <summary>The `lab` program's commands. Exit codes: 0 done, 1 it did not work, 2 wrong usage, 3 a job ended without success.</summary>
internal static class CommandLine
{
    private const int Failed = 1;
    private const int WrongUsage = 2;

    private static readonly Option<string> State = new("--state") { Description = "Directory of the lab's files", Required = true };
    private static readonly Option<string?> Name = new("--name") { Description = $"Prefix of all that the lab makes in Docker [default: {LabOptions.DefaultName}]" };
    private static readonly Option<string?> Subnet = new("--subnet") { Description = $"Network of the lab's machines [default: {LabOptions.DefaultSubnet}]" };
    private static readonly Option<int> ProxmoxPort = Port("proxmox", new LabPorts().Proxmox);
    private static readonly Option<int> GitHubPort = Port("github", new LabPorts().GitHub);
    private static readonly Option<int> RegistryPort = Port("registry", new LabPorts().Registry);
    private static readonly Option<int> ControlPort = Port("control", new LabPorts().Control);
    private static readonly Option<string> ProxmoxRelease = new("--proxmox-version") { Description = "Release of Proxmox VE to play", DefaultValueFactory = _ => ProxmoxVersion.Newest };
    private static readonly Option<string?> Repository = new("--repository") { Description = "The repository with the stand-in runner's sources [default: found above the state directory]" };
    private static readonly Option<string?> RunnerTarball = new("--runner-tarball") { Description = "Release of GitHub's own runner program that takes the stand-in's place until the lab is taken down" };
    private static readonly Option<string> Script = new("--script") { Description = "Shell script of the job's only step", Required = true };
    private static readonly Option<string[]> Labels = new("--labels") { Description = "Labels that a runner must have, comma-separated [default: self-hosted]" };
    private static readonly Argument<string[]> Programs = new("programs") { Description = "Their names", Arity = ArgumentArity.OneOrMore };
    private static readonly Argument<string[]> Settings = new("settings") { Description = "NAME=VALUE, such as latency=500ms; all=off", Arity = ArgumentArity.ZeroOrMore };
    private static readonly Option<int> JobTimeout = new("--timeout") { Description = "Seconds to wait for the job's end", DefaultValueFactory = _ => 600 };

    public static async Task<int> RunAsync(string[] args)
    {
        var parsed = Root().Parse(args);
        if (parsed.Errors.Count > 0)
        {
            foreach (var error in parsed.Errors)
                await Console.Error.WriteLineAsync($"lab: {error.Message}");
            await Console.Error.WriteLineAsync("lab: `lab --help` lists the commands, `lab COMMAND --help` their options");
            return WrongUsage;
        }
        return await parsed.InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });
    }

    private static RootCommand Root()
    {
        Subnet.Validators.Add(result => CheckSubnet(result.GetValueOrDefault<string?>(), result.AddError));
        Name.Validators.Add(result => CheckName(result.GetValueOrDefault<string?>(), result.AddError));
        ProxmoxRelease.AcceptOnlyFromAmong([.. ProxmoxVersion.Known]);
        JobTimeout.Validators.Add(result => CheckNumber(result, 1, int.MaxValue));
        foreach (var port in new[] { ProxmoxPort, GitHubPort, RegistryPort, ControlPort })
            port.Validators.Add(result => CheckNumber(result, 1, 65535));
        return new("The embedded doubles of Proxmox VE and GitHub, and machines made of containers")
        {
            Command("up", "Bring the lab up; quick when it is", UpAsync, [.. Instance, Repository, RunnerTarball]),
            Command("serve", "Run the lab's server in the foreground", ServeAsync, [.. Instance]),
            Command("down", "Remove all that the lab has made", DownAsync, State, Name),
            Command("engine", "Have Docker Engine on this machine, as `up` does before anything else", EngineAsync, State),
            Taking(Programs, Command("programs", "Have programs of the distribution on this machine", ProgramsAsync)),
            Taking(Settings, Command("fault", "Switch troubles of the lab's GitHub on and off; without settings, list them", FaultAsync, State)),
            Command("job", "Queue a job, wait for it, and print its log", JobAsync, State, Script, Labels, JobTimeout),
        };
    }

    private static Option[] Instance => [State, Name, Subnet, ProxmoxPort, GitHubPort, RegistryPort, ControlPort, ProxmoxRelease];

    private static Command Command(string name, string description, Func<ParseResult, CancellationToken, Task<int>> run, params Option[] options)
    {
        var command = new Command(name, description);
        foreach (var option in options)
            command.Options.Add(option);
        command.SetAction((parsed, cancel) => GuardedAsync(run, parsed, cancel));
        return command;
    }

    private static Command Taking(Argument words, Command command)
    {
        command.Arguments.Add(words);
        return command;
    }

    private static Task<int> FaultAsync(ParseResult parsed, CancellationToken cancel) =>
        new FaultCommand(new LabFiles(StateOf(parsed)), Console.Out).RunAsync(parsed.GetValue(Settings) ?? [], cancel);

    private static async Task<int> GuardedAsync(Func<ParseResult, CancellationToken, Task<int>> run, ParseResult parsed, CancellationToken cancel)
    {
        try
        {
            return await run(parsed, cancel);
        }
        catch (LabException e)
        {
            await Console.Error.WriteLineAsync($"lab: {e.Message}");
            return Failed;
        }
        catch (OperationCanceledException) when (cancel.IsCancellationRequested)
        {
            await Console.Error.WriteLineAsync("lab: cancelled");
            return Failed;
        }
    }

    private static async Task<int> UpAsync(ParseResult parsed, CancellationToken cancel)
    {
        var repository = parsed.GetValue(Repository) is { } path ? Path.GetFullPath(path) : null;
        var tarball = parsed.GetValue(RunnerTarball) is { } file ? Path.GetFullPath(file) : null;
        await new LabUp(Options(parsed), repository, tarball, Console.WriteLine).RunAsync(cancel);
        return 0;
    }

    private static async Task<int> EngineAsync(ParseResult parsed, CancellationToken cancel)
    {
        var files = new LabFiles(StateOf(parsed));
        files.Create();
        await Packages.EnsureAsync(["docker"], Console.WriteLine, cancel);
        await new Engine(files, Console.WriteLine).EnsureAsync(cancel);
        return 0;
    }

    private static async Task<int> ProgramsAsync(ParseResult parsed, CancellationToken cancel)
    {
        await Packages.EnsureAsync(parsed.GetValue(Programs) ?? [], Console.WriteLine, cancel);
        return 0;
    }

    private static async Task<int> ServeAsync(ParseResult parsed, CancellationToken cancel)
    {
        await new LabServer(Options(parsed)).RunAsync(cancel);
        return 0;
    }

    private static async Task<int> DownAsync(ParseResult parsed, CancellationToken cancel)
    {
        var files = new LabFiles(StateOf(parsed));
        // Never a name by default: it would be that of a lab whose files are elsewhere.
        if ((LabOwner.NameIn(files) ?? parsed.GetValue(Name)) is { } name)
            await new LabDown(name, files, Console.WriteLine).RunAsync(cancel);
        else
            Console.WriteLine($"lab: there is none in {files.Root}; nothing was touched");
        return 0;
    }

    private static async Task<int> JobAsync(ParseResult parsed, CancellationToken cancel)
    {
        var labels = (parsed.GetValue(Labels) ?? []).SelectMany(label => label.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries));
        var job = new JobCommand(new LabFiles(StateOf(parsed)), Console.Out);
        return await job.RunAsync(parsed.GetValue(Script)!, [.. labels], TimeSpan.FromSeconds(parsed.GetValue(JobTimeout)), cancel);
    }

    private static LabOptions Options(ParseResult parsed) => new(
        parsed.GetValue(Name) ?? LabOptions.DefaultName, StateOf(parsed), IPNetwork.Parse(parsed.GetValue(Subnet) ?? LabOptions.DefaultSubnet),
        new(parsed.GetValue(ProxmoxPort), parsed.GetValue(GitHubPort), parsed.GetValue(RegistryPort), parsed.GetValue(ControlPort)))
    {
        ProxmoxVersion = parsed.GetValue(ProxmoxRelease)!,
    };

    private static string StateOf(ParseResult parsed) => Path.TrimEndingDirectorySeparator(Path.GetFullPath(parsed.GetValue(State)!));

    private static Option<int> Port(string server, int standard) =>
        new($"--{server}-port") { Description = $"TCP port of the {server} server", DefaultValueFactory = _ => standard };

    // A network of four addresses has room for the gateway and one machine; public addresses are somebody's.
    private static void CheckSubnet(string? text, Action<string> report)
    {
        if (text is not null && !(IPNetwork.TryParse(text, out var subnet) && subnet.BaseAddress.AddressFamily == AddressFamily.InterNetwork && subnet.PrefixLength is >= 8 and <= 29))
            report($"--subnet should be an IPv4 network of 8 addresses or more, such as {LabOptions.DefaultSubnet}, is `{text}`");
    }

    // What Docker takes as a name of a network and as a part of an image's.
    private static void CheckName(string? name, Action<string> report)
    {
        if (name is not null && !(name.Length is > 1 and < 40 && char.IsAsciiLetterLower(name[0]) && name[^1] != '-' && name.All(c => char.IsAsciiLetterLower(c) || char.IsAsciiDigit(c) || c == '-')))
            report($"--name should be lower-case letters, digits and dashes, such as {LabOptions.DefaultName}, is `{name}`");
    }

    // What is no number at all is reported by the conversion.
    private static void CheckNumber(OptionResult result, int least, int most)
    {
        if (result.Tokens is [var token] && int.TryParse(token.Value, CultureInfo.InvariantCulture, out var number) && (number < least || number > most))
            result.AddError($"{result.Option.Name} should be {least} to {most}, is {number}");
    }
}
