using System.Net;

namespace Lab.Hosts;

/// <summary>The client configuration with which `ssh -F FILE NAME` reaches a machine by the key and the host keys of the lab.</summary>
internal static class SshConfig
{
    public static string Entry(string name, IPAddress address, string user, LabFiles files) =>
        $"""
        Host {name}
            HostName {address}
            User {user}
            IdentityFile "{Escaped(files.Key)}"
            IdentitiesOnly yes
            UserKnownHostsFile "{Escaped(files.KnownHosts)}"
            StrictHostKeyChecking yes


        """;

    // ssh takes a percent sign as the start of one of its own words.
    private static string Escaped(string path) => path.Replace("%", "%%");

    /// <summary>Puts the parts of all machines together, as the machines are now.</summary>
    public static void Write(LabFiles files)
    {
        var parts = Directory.Exists(files.Machines)
            ? Directory.EnumerateFiles(files.Machines, "ssh_config", SearchOption.AllDirectories).Order().Select(File.ReadAllText)
            : [];
        File.WriteAllText(files.SshConfig + ".new", string.Concat(parts.Prepend("# Written by the lab whenever a machine starts or goes.\n\n")));
        File.Move(files.SshConfig + ".new", files.SshConfig, overwrite: true);
    }
}
