namespace Lab.Setup;

/// <summary>Programs of the distribution that the lab runs, and the packages they come in.</summary>
internal static class Packages
{
    // Other programs come in a package of their own name.
    private static readonly Dictionary<string, string[]> PackagesOf = new()
    {
        ["docker"] = ["docker.io", "iptables"],
        ["dockerd"] = ["docker.io", "iptables"],
        ["debootstrap"] = ["debootstrap", "debian-archive-keyring"],
        ["docker-registry"] = ["docker-registry"],
        ["ssh-keygen"] = ["openssh-client"],
    };

    private static readonly string[] Path = [.. (Environment.GetEnvironmentVariable("PATH") ?? "").Split(':'), "/usr/sbin", "/sbin"];

    public static bool Has(string program) => Path.Any(directory => directory.Length > 0 && File.Exists($"{directory}/{program}"));

    /// <summary>Installs what is missing where this user may; else a <see cref="LabException"/> with the line to type.</summary>
    public static async Task EnsureAsync(IReadOnlyList<string> programs, Action<string> say, CancellationToken cancel)
    {
        var missing = programs.Where(program => !Has(program)).ToArray();
        if (missing.Length == 0)
            return;
        var packages = missing.SelectMany(program => PackagesOf.GetValueOrDefault(program, [program])).Distinct().ToArray();
        if (!Environment.IsPrivilegedProcess || !Has("apt-get"))
            throw Refusal(missing, packages);
        say($"packages: installing {string.Join(' ', packages)} with apt-get, because {string.Join(", ", missing)} is missing");
        await NonInteractive("bash", "-c", ". \"$0\" && apt_update", System.IO.Path.Combine(AppContext.BaseDirectory, "Setup", "apt-update.sh")).OutputAsync(cancel);
        await NonInteractive("apt-get", [
            "--quiet", "-o", "DPkg::Lock::Timeout=600", "install", "--yes", "--no-install-recommends", .. await WithClientAsync(packages, cancel)]).OutputAsync(cancel);
        if (missing.Contains("docker-registry"))
            await QuietRegistryAsync(cancel);
    }

    private static LabException Refusal(string[] missing, string[] packages) => new(
        $"The lab needs {string.Join(", ", missing)}, not found on this machine.",
        Environment.IsPrivilegedProcess ? "this is not Debian or Ubuntu: there is no apt-get to install it with." : "only root may install it.",
        $"sudo apt-get update && sudo apt-get install --yes {string.Join(' ', packages)}\n       then run the same command again.");

    // Newer releases have Docker's command line client in a package of its own.
    private static async Task<IReadOnlyList<string>> WithClientAsync(string[] packages, CancellationToken cancel) =>
        packages.Contains("docker.io") && (await new LocalCommand("apt-cache", "show", "docker-cli").RunAsync(cancel)).ExitCode == 0
            ? [.. packages, "docker-cli"]
            : packages;

    // The lab runs the program itself; the package's own service would sit on port 5000 for nothing.
    private static async Task QuietRegistryAsync(CancellationToken cancel)
    {
        if (Directory.Exists("/run/systemd/system"))
            await new LocalCommand("systemctl", "disable", "--now", "docker-registry").RunAsync(cancel);
        else if (Has("service"))
            await new LocalCommand("service", "docker-registry", "stop").RunAsync(cancel);
    }

    private static LocalCommand NonInteractive(string program, params IReadOnlyList<string> arguments) =>
        new(program, arguments) { Environment = new Dictionary<string, string> { ["DEBIAN_FRONTEND"] = "noninteractive" } };
}
