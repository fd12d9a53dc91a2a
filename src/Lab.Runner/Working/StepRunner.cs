using System.Globalization;
using System.Text;
using System.Text.Json.Nodes;

namespace Lab.Runner.Working;

/// <summary>Runs the script of one step, and takes over what it set by its command files.</summary>
internal sealed class StepRunner(Workspace workspace, Contexts contexts, Dictionary<string, string> environment, JobLog log, JobContainers? containers)
{
    /// <summary>`succeeded`, `failed` or `canceled`.</summary>
    public async Task<string> RunAsync(JsonObject step, CancellationToken cancel)
    {
        var variables = Merged(TemplateToken.Mapping(step["environment"], contexts));
        var inputs = TemplateToken.Mapping(step["inputs"], contexts).ToDictionary(i => i.Key, i => i.Value);
        if (step["reference"]?["type"]?.ToString().Equals("Script", StringComparison.OrdinalIgnoreCase) != true)
            throw new FormatException("The stand-in runs `run:` steps only.");

        var files = new CommandFiles(Path.Combine(workspace.Temp, "_runner_file_commands"));
        foreach (var (name, value) in files.Variables())
            variables[name] = value;
        variables["GITHUB_ACTION"] = step["contextName"]?.ToString() ?? "__run";
        var folder = Path.Combine(workspace.Folder, inputs.GetValueOrDefault("workingDirectory", ""));
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancel);
        if (double.TryParse(TemplateToken.Text(step["timeoutInMinutes"], contexts), CultureInfo.InvariantCulture, out var minutes) && minutes > 0)
            limit.CancelAfter(TimeSpan.FromMinutes(minutes));

        var code = await ScriptAsync(inputs.GetValueOrDefault("script", ""), inputs.GetValueOrDefault("shell"), folder, variables, limit.Token);
        TakeOver(files, step["contextName"]?.ToString() ?? "");
        return Conclusion(code, cancel.IsCancellationRequested, limit.IsCancellationRequested);
    }

    /// <summary>Runs a file of the administrator's, as a hook; true when it succeeded.</summary>
    public async Task<bool> HookAsync(string file, CancellationToken cancel)
    {
        if (Path.GetExtension(file) != ".sh")
            throw new FormatException($"{file} is not a valid path to a script. Make sure it ends in '.sh' (the stand-in runs no '.ps1').");
        var (program, arguments, _) = Shell.For(null, environment.GetValueOrDefault("PATH"));
        log.Write($"A job hook has been configured by the self-hosted runner administrator: {file}");
        var code = await new StepProcess(Line).RunAsync(program, [.. arguments[..^1], file], workspace.Folder, environment, cancel);
        if (code != 0)
            log.Write($"##[error]Process completed with exit code {code}.");
        return code == 0;
    }

    private async Task<int> ScriptAsync(
        string script, string? shell, string folder, Dictionary<string, string> variables, CancellationToken cancel)
    {
        var inside = containers is { HoldSteps: true } ? containers : null;
        var (program, arguments, extension) = inside is null ? Shell.For(shell, variables.GetValueOrDefault("PATH")) : Shell.InContainer(shell);
        var file = Path.Combine(workspace.Temp, $"{Guid.NewGuid()}{extension}");
        await File.WriteAllTextAsync(file, script.ReplaceLineEndings("\n"), new UTF8Encoding(false), cancel);
        log.Write($"##[group]Run {script.Split('\n')[0]}");
        foreach (var line in script.TrimEnd().Split('\n'))
            log.Write(line);
        log.Write($"shell: {program} {string.Join(' ', arguments)}");
        log.Write("##[endgroup]");
        Directory.CreateDirectory(folder);
        var words = arguments.Select(a => a.Replace("{0}", file, StringComparison.Ordinal));
        var command = inside?.Command(program, words, folder, variables) ?? (program, words);
        return await new StepProcess(Line).RunAsync(command.Program, command.Arguments, folder, inside is null ? variables : environment, cancel);
    }

    private string Conclusion(int code, bool cancelled, bool timedOut)
    {
        if (cancelled)
        {
            log.Write("##[error]The operation was canceled.");
            return "canceled";
        }
        if (timedOut)
            log.Write("##[error]The action has timed out.");
        else if (code != 0)
            log.Write($"##[error]Process completed with exit code {code}.");
        return code == 0 && !timedOut ? "succeeded" : "failed";
    }

    private Dictionary<string, string> Merged(IEnumerable<(string Key, string Value)> more)
    {
        var merged = new Dictionary<string, string>(environment);
        foreach (var (name, value) in more)
            merged[name] = value;
        return merged;
    }

    private void TakeOver(CommandFiles files, string step)
    {
        foreach (var (name, value) in files.Environment())
        {
            environment[name] = value;
            contexts["env"][name] = value;
        }
        var path = files.Path();
        if (path.Length > 0)
            environment["PATH"] = string.Join(':', path.Append(environment.GetValueOrDefault("PATH", "/usr/local/bin:/usr/bin:/bin")));
        var outputs = new JsonObject();
        foreach (var (name, value) in files.Outputs())
            outputs[name] = value;
        contexts["steps"][step] = new JsonObject { ["outputs"] = outputs };
    }

    private void Line(string line)
    {
        if (line.StartsWith("::add-mask::", StringComparison.Ordinal))
            log.Mask(line["::add-mask::".Length..]);
        log.Write(line);
    }
}
