using System.Diagnostics;

namespace Lab.Setup;

/// <summary>Brings a lab up from any state it may be in. Each step looks first, and says a line only when it has something to do.</summary>
internal sealed class LabUp(LabOptions options, string? repository, string? runnerTarball, Action<string> print)
{
    private readonly LabFiles _files = new(options.State);
    private bool _changed;

    public async Task RunAsync(CancellationToken cancel)
    {
        if (!OperatingSystem.IsLinux())
            throw new LabException(
                "The lab needs Linux.", "its machines are containers on this machine's own kernel.", "Run it on a Linux machine, or in WSL 2.");
        var clock = Stopwatch.StartNew();
        _files.Create();
        using var held = await SetupLock.TakeAsync(_files.Lock, print, cancel);
        await ClaimDirectoryAsync(cancel);
        await Packages.EnsureAsync(["docker", "docker-registry", "ssh-keygen"], Say, cancel);
        await new Engine(_files, Say).EnsureAsync(cancel);
        await LabOwner.CheckAsync(options.Name, _files, cancel);
        await new LabNetwork(options, Say).EnsureAsync(cancel);
        await Task.WhenAll(ImagesAsync(cancel), RunnerAsync(cancel));
        await new Credentials(_files, Say).EnsureAsync(cancel);
        await new ServerProcess(options, _files, Say).EnsureAsync(cancel);
        if (_changed)
            print($"lab: up after {clock.Elapsed.TotalSeconds:0} s; Proxmox {options.ProxmoxUrl}, GitHub {options.GitHubUrl}, registry {options.Registry}");
    }

    private async Task RunnerAsync(CancellationToken cancel)
    {
        if (runnerTarball is not null)
            OfficialRunner.Place(runnerTarball, _files, Say);
        else if (!OfficialRunner.IsIn(_files))
            await new StandInRunner(_files, repository, Say).EnsureAsync(cancel);
    }

    private async Task ImagesAsync(CancellationToken cancel)
    {
        var baseIsNew = await new BaseImage(options, Say).EnsureAsync(cancel);
        await new VmImage(options, Say).EnsureAsync(cancel);
        await new ImageRegistry(options, _files, Say).EnsureAsync(baseIsNew, cancel);
    }

    private async Task ClaimDirectoryAsync(CancellationToken cancel)
    {
        if (LabOwner.NameIn(_files) is { } name && name != options.Name)
            throw new LabException(
                $"The state directory {options.State} belongs to the lab `{name}`, wanted is `{options.Name}`.",
                "two labs in one directory would take each other's files.",
                $"Use another directory, or take the other lab down: `lab down --state {options.State}`.");
        await File.WriteAllTextAsync(_files.Name, options.Name + "\n", cancel);
    }

    private void Say(string line)
    {
        _changed = true;
        print(line);
    }
}
