namespace Lab.Setup;

/// <summary>Removes all that a lab has made on this machine, whatever state it is in; Docker Engine itself stays.</summary>
internal sealed class LabDown(string name, LabFiles files, Action<string> say)
{
    public async Task RunAsync(CancellationToken cancel)
    {
        if (await EngineAnswersAsync(cancel))
            await LabOwner.CheckAsync(name, files, cancel);
        if (Directory.Exists(files.Root))
        {
            using var held = await SetupLock.TakeAsync(files.Lock, say, cancel);
            await StopProcessesAsync(cancel);
            await RemoveFromDockerAsync(cancel);
            Directory.Delete(files.Root, recursive: true);
            say($"files: removed {files.Root}");
        }
        else
        {
            await RemoveFromDockerAsync(cancel);
        }
        say($"lab: {name} is gone; Docker Engine and the packages that were installed for it stay");
    }

    private static async Task<bool> EngineAnswersAsync(CancellationToken cancel) =>
        Packages.Has("docker") && (await Docker.Command("version").RunAsync(cancel)).ExitCode == 0;

    private async Task StopProcessesAsync(CancellationToken cancel)
    {
        if (await ServerProcess.StopAsync(files.Processes, cancel))
            say("server: stopped");
        await ImageRegistry.StopAsync(files.Processes, cancel);
    }

    private async Task RemoveFromDockerAsync(CancellationToken cancel)
    {
        if (!await EngineAnswersAsync(cancel))
        {
            say("docker: no engine answers, so nothing of the lab can be running in it; start it and run this again if the lab was up");
            return;
        }
        await RemoveAsync("machines", ["ps", "--all", "--quiet", "--filter", $"label={LabOptions.LabelOf(name)}"], ["rm", "--force", "--volumes"], cancel);
        await RemoveAsync("volumes", ["volume", "ls", "--quiet", "--filter", $"label={LabOptions.LabelOf(name)}"], ["volume", "rm", "--force"], cancel);
        await RemoveAsync("network", ["network", "ls", "--quiet", "--filter", $"label={LabOptions.LabelOf(name)}"], ["network", "rm"], cancel);
        await RemoveAsync("images", Images($"{name}/*"), ["image", "rm", "--force"], cancel);
    }

    // By tag: another lab may use the same image under its own.
    private static string[] Images(string reference) => ["image", "ls", "--format", "{{.Repository}}:{{.Tag}}", "--filter", $"reference={reference}"];

    private async Task RemoveAsync(string what, IReadOnlyList<string> list, IReadOnlyList<string> remove, CancellationToken cancel)
    {
        var found = await Docker.LinesAsync(list, cancel);
        if (found.Length == 0)
            return;
        await Docker.RunAsync([.. remove, .. found], cancel);
        say($"{what}: removed {found.Length}");
    }
}
