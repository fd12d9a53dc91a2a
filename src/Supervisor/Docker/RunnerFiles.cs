using Supervisor.Configuration;
using Supervisor.GitHub;

namespace Supervisor.Docker;

/// <summary>Puts files into a container that is made but not started. They are in no image layer, environment, argument or <c>docker inspect</c>.</summary>
internal sealed class RunnerFiles(DockerEngine engine)
{
    private const string RunnerHome = "/home/runner";
    private const int RunnerUser = 1001;

    /// <param name="more">What the job's Docker needs there.</param>
    public async Task PutAsync(string container, PoolSettings pool, JitConfiguration jit, IEnumerable<ContainerFile> more, CancellationToken cancel)
    {
        List<ContainerFile> files = [.. more];
        foreach (var file in pool.Files)
            files.Add(ContainerFile.Of(file.Path.TrimStart('/'), await ReadAsync(file, pool, cancel), ModeOf(file.Mode), OwnerOf(file.Path)));
        if (files.Count > 0)
        {
            var directories = await MissingDirectoriesAsync(container, files, cancel);
            await engine.UnpackAsync(container, "/", ContainerFile.Tar([.. directories, .. files]), cancel);
        }
        var secrets = jit.Files.Select(file => ContainerFile.Of(file.Key, file.Value, UnixFileMode.UserRead | UnixFileMode.UserWrite, RunnerUser));
        await engine.UnpackAsync(container, RunnerHome, ContainerFile.Tar(secrets), cancel);
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
    private async Task<List<ContainerFile>> MissingDirectoriesAsync(string container, IEnumerable<ContainerFile> files, CancellationToken cancel)
    {
        var missing = new SortedDictionary<string, ContainerFile>(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var restricted = (file.Mode & (UnixFileMode.GroupRead | UnixFileMode.OtherRead)) == 0;
            for (var path = Path.GetDirectoryName($"/{file.Path.TrimEnd('/')}"); path is not (null or "/"); path = Path.GetDirectoryName(path))
            {
                if (!missing.ContainsKey(path) && await engine.HasPathAsync(container, path, cancel))
                    break;
                missing.TryAdd(path, ContainerFile.Directory(path.TrimStart('/'), OwnerOf(path), ModeOf(restricted ? "0700" : "0755")));
            }
        }
        return [.. missing.Values];
    }

    private static UnixFileMode ModeOf(string octal) => (UnixFileMode)Convert.ToInt32(octal, 8);

    private static int OwnerOf(string path) => path.StartsWith(RunnerHome + "/", StringComparison.Ordinal) ? RunnerUser : 0;
}
