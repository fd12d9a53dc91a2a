namespace Lab;

/// <summary>Where a lab keeps its files, all under its state directory.</summary>
internal sealed record LabFiles(string Root)
{
    /// <summary>The running server and its addresses, as <see cref="LabRecord"/>.</summary>
    public string Record => In("lab.json");
    /// <summary>One line, the lab's name in Docker; the first file to be written.</summary>
    public string Name => In("name");
    public string Log => In("lab.log");
    public string Lock => In("lock");
    public string ProxmoxState => In("proxmox.json");
    /// <summary>Every request to Proxmox, one JSON object a line, without its secrets.</summary>
    public string ProxmoxRequests => In("proxmox-requests.jsonl");
    public string GitHubState => In("github.json");
    public string ProxmoxToken => In("proxmox-token");
    public string GitHubToken => In("github-token");
    public string Certificate => In("proxmox.pfx");
    public string Fingerprint => In("proxmox.fingerprint");
    public string Key => In("id_ed25519");
    public string SshConfig => In("ssh_config");
    public string KnownHosts => In("known_hosts");
    public string Machines => In("machines");
    public string Registry => In("registry");
    public string Releases => In("releases");
    public string RunnerBuild => In("runner-build");
    public string Workflows => In("workflows");
    public string Programs => In("program");

    /// <summary>Process ids of what runs detached, one file each.</summary>
    public string Processes => In("processes");

    /// <summary>Readable by the owner alone: it holds keys and tokens.</summary>
    public void Create()
    {
        Directory.CreateDirectory(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        File.SetUnixFileMode(Root, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    public static void WriteSecret(string path, string text)
    {
        var temporary = path + ".new";
        File.Delete(temporary);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(temporary, options))
            writer.Write(text);
        File.Move(temporary, path, overwrite: true);
    }

    private string In(string name) => Path.Combine(Root, name);
}
