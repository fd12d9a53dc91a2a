using System.Formats.Tar;
using System.Text;
using Supervisor.Configuration;
using Supervisor.GitHub;

namespace Supervisor.Docker;

/// <summary>Puts files into a container that is made but not started. They are in no image layer, environment, argument or <c>docker inspect</c>.</summary>
internal sealed class RunnerFiles(DockerEngine engine)
{
    private const string RunnerHome = "/home/runner";
    private const int RunnerUser = 1001;

    public async Task PutAsync(string container, PoolSettings pool, JitConfiguration jit, CancellationToken cancel)
    {
        var files = await HostFilesAsync(pool, cancel);
        if (files.Count > 0)
        {
            var directories = await MissingDirectoriesAsync(container, files, cancel);
            await engine.UnpackAsync(container, "/", Tar([.. directories, .. files]), cancel);
        }
        var secrets = jit.Files.Select(file => new Entry(file.Key, file.Value, UnixFileMode.UserRead | UnixFileMode.UserWrite, RunnerUser));
        await engine.UnpackAsync(container, RunnerHome, Tar([.. secrets]), cancel);
    }

    private static async Task<List<Entry>> HostFilesAsync(PoolSettings pool, CancellationToken cancel)
    {
        var files = new List<Entry>();
        if (pool is { Docker: "dind", Dockerd: { ValueKind: System.Text.Json.JsonValueKind.Object } dockerd })
            files.Add(new Entry("etc/docker/daemon.json", Encoding.UTF8.GetBytes(dockerd.GetRawText()), ModeOf("0644"), 0));
        foreach (var file in pool.Files)
            files.Add(new Entry(file.Path.TrimStart('/'), await ReadAsync(file, pool, cancel), ModeOf(file.Mode), OwnerOf(file.Path)));
        return files;
    }

    private static async Task<byte[]> ReadAsync(FileSettings file, PoolSettings pool, CancellationToken cancel)
    {
        try
        {
            return await File.ReadAllBytesAsync(file.From, cancel);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsProblem($"{file.From}, which pool {pool.Name} puts into its containers as {file.Path}, cannot be read ({fault.Message}): run DeployRunners.");
        }
    }

    // Docker would make missing parents itself, but as root's.
    private async Task<List<Entry>> MissingDirectoriesAsync(string container, IEnumerable<Entry> files, CancellationToken cancel)
    {
        var missing = new SortedDictionary<string, Entry>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var restricted = (file.Mode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) == 0;
            for (var path = Path.GetDirectoryName($"/{file.Path}"); path is not (null or "/"); path = Path.GetDirectoryName(path))
            {
                if (!missing.ContainsKey(path) && await engine.HasPathAsync(container, path, cancel))
                    break;
                missing.TryAdd(path, new Entry(path.TrimStart('/') + "/", null, ModeOf(restricted ? "0700" : "0755"), OwnerOf(path)));
            }
        }
        return [.. missing.Values];
    }

    private static byte[] Tar(IReadOnlyList<Entry> entries)
    {
        using var bytes = new MemoryStream();
        using (var writer = new TarWriter(bytes, TarEntryFormat.Pax, leaveOpen: true))
        {
            foreach (var (path, content, mode, owner) in entries)
            {
                var entry = new PaxTarEntry(content is null ? TarEntryType.Directory : TarEntryType.RegularFile, path) { Mode = mode, Uid = owner, Gid = owner };
                if (content is not null)
                    entry.DataStream = new MemoryStream(content);
                writer.WriteEntry(entry);
            }
        }
        return bytes.ToArray();
    }

    private static UnixFileMode ModeOf(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private static int OwnerOf(string path) => path.StartsWith(RunnerHome + "/", StringComparison.Ordinal) ? RunnerUser : 0;

    /// <param name="Content">Null for a directory.</param>
    private sealed record Entry(string Path, byte[]? Content, UnixFileMode Mode, int Owner);
}
