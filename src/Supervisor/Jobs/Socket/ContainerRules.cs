using System.Text.Json.Nodes;

namespace Supervisor.Jobs.Socket;

/// <summary>What a job's request to make a container becomes: labelled as the job's, below its control group, and with no way to leave files on the host.</summary>
/// <param name="WorkFolder">Same path on the host and in the job's container.</param>
/// <param name="EngineSocket">Where the job's own socket is on the host.</param>
/// <param name="Externals">Where on the host the runner's node programs are put when a container needs them.</param>
internal sealed record ContainerRules(string Runner, string? CgroupParent, string WorkFolder, string EngineSocket, string Externals)
{
    private const string RunnerExternals = "/home/runner/externals";
    private static readonly string[] sockets = ["/var/run/docker.sock", "/run/docker.sock"];
    // The kernel's own: nothing stays in them as a file.
    private static readonly string[] kernelFolders = ["/dev", "/proc", "/sys"];

    /// <exception cref="RefusedRequest">The container would write into the host's files.</exception>
    public ContainerRequest Apply(JsonObject body)
    {
        Label(body, Runner);
        var host = ObjectIn(body, "HostConfig");
        if (CgroupParent is not null)
            host[nameof(CgroupParent)] = CgroupParent;
        var volumes = new List<string>();
        var externals = false;
        string Source(string source, bool readOnly)
        {
            var mapped = Mapped(source, readOnly);
            externals |= mapped == Externals;
            return mapped;
        }

        if (host["Binds"] is JsonArray binds)
        {
            for (var i = 0; i < binds.Count; i++)
            {
                var parts = (binds[i]?.GetValue<string>() ?? "").Split(':');
                if (parts.Length < 2)
                    continue;
                if (parts[0].StartsWith('/'))
                    binds[i] = string.Join(':', [Source(parts[0], parts.Length > 2 && parts[2].Split(',').Contains("ro")), .. parts[1..]]);
                else
                    volumes.Add(parts[0]);
            }
        }
        foreach (var mount in (host["Mounts"] as JsonArray ?? []).OfType<JsonObject>())
        {
            var source = mount["Source"]?.GetValue<string>() ?? "";
            if (mount["Type"]?.GetValue<string>() == "bind")
                mount["Source"] = Source(source, mount["ReadOnly"]?.GetValue<bool>() ?? false);
            else if (mount["Type"]?.GetValue<string>() == "volume" && source.Length > 0 && mount["VolumeOptions"]?["DriverConfig"] is null)
                volumes.Add(source);
        }
        return new ContainerRequest(body, body["Image"]?.GetValue<string>() ?? "", volumes, externals);
    }

    public static void Label(JsonObject body, string runner) => ObjectIn(body, "Labels")[JobLabels.Job] = runner;

    private string Mapped(string source, bool readOnly)
    {
        var path = Path.GetFullPath(source);
        if (sockets.Contains(path))
            return EngineSocket;
        if (path == RunnerExternals)
            return Externals;
        if (readOnly || IsIn(path, Path.GetDirectoryName(WorkFolder)!) || kernelFolders.Any(folder => IsIn(path, folder)))
            return path;
        throw new RefusedRequest(403, $"{path} would be this host's own, not the job's, and would stay behind. "
            + $"Mount a folder below {WorkFolder} ($GITHUB_WORKSPACE and $RUNNER_TEMP are), or a volume, or mount it read-only (:ro).");
    }

    private static bool IsIn(string path, string folder) => path == folder || path.StartsWith(folder + "/", StringComparison.Ordinal);

    private static JsonObject ObjectIn(JsonObject parent, string name)
    {
        if (parent[name] is not JsonObject child)
            parent[name] = child = [];
        return child;
    }
}

/// <param name="Volumes">Names of volumes that the engine would make on its own, without the job's label.</param>
/// <param name="NeedsExternals">It is a container for the job's steps, which brings the runner's node programs in.</param>
internal sealed record ContainerRequest(JsonObject Body, string Image, IReadOnlyList<string> Volumes, bool NeedsExternals);

/// <summary>The job may not have this; the message tells why and what to do.</summary>
internal sealed class RefusedRequest(int status, string message) : Exception(message)
{
    public int Status => status;
}
