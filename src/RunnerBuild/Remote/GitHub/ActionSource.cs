using System.Buffers.Binary;
using System.Collections.Concurrent;
using System.Formats.Tar;
using System.IO.Compression;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using Octokit;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;

namespace RunnerBuild.Remote.GitHub;

/// <summary>The workflows of a scope's repositories, and the archives of the actions that they name.</summary>
internal sealed partial class ActionSource(GitHubApi api, GitHubScope scope)
{
    private readonly ConcurrentDictionary<UsedAction, Task<ActionArchive?>> _resolved = new();

    /// <summary>Of an enterprise no list is had: its organizations would have to be named.</summary>
    public async Task<IReadOnlyList<string>> RepositoriesAsync(CancellationToken cancel) => scope.Kind switch
    {
        ScopeKind.Repository => [scope.Name],
        ScopeKind.Organization => [.. (await api.ListAsync($"{scope.Path}/repos", null, cancel) ?? []).Where(repository => !repository.GetProperty("archived").GetBoolean()).Select(repository => repository.GetProperty("full_name").GetString()!)],
        _ => [],
    };

    public async Task<IReadOnlyList<UsedAction>> UsedAsync(string repository, CancellationToken cancel)
    {
        var used = new HashSet<UsedAction>();
        if (await ContentAsync($"repos/{repository}/contents/.github/workflows", cancel) is { ValueKind: JsonValueKind.Array } files)
        {
            foreach (var path in files.EnumerateArray().Select(file => file.GetProperty("path").GetString()!).Where(path => path.EndsWith(".yml", StringComparison.Ordinal) || path.EndsWith(".yaml", StringComparison.Ordinal)))
            {
                if (await ContentAsync($"repos/{repository}/contents/{string.Join('/', path.Split('/').Select(Uri.EscapeDataString))}", cancel) is { } file)
                    used.UnionWith(UsedActions.In(Encoding.UTF8.GetString(Convert.FromBase64String(file.GetProperty("content").GetString()!.Replace("\n", "", StringComparison.Ordinal)))));
            }
        }

        return [.. used];
    }

    /// <returns>Null: there is no such repository or commit, or this credential does not see it.</returns>
    public Task<ActionArchive?> ResolveAsync(UsedAction action, CancellationToken cancel) => _resolved.GetOrAdd(action, _ => FindAsync(action, cancel));

    /// <summary>Errors: <see cref="RunnerBuildException"/> when it is no archive: that in its place would have every job fail.</summary>
    public async Task<byte[]> DownloadAsync(ActionArchive archive, CancellationToken cancel)
    {
        var parts = archive.Repository.Split('/');
        try
        {
            var content = await api.Client.Repository.Content.GetArchive(parts[0], parts[1], ArchiveFormat.Tarball, archive.Commit);
            RequireWhole(content);
            return content;
        }
        catch (ApiException fault)
        {
            throw GitHubApi.Explain($"GET repos/{archive.Repository}/tarball/{archive.Commit}", fault);
        }
        catch (Exception fault) when (fault is InvalidDataException or EndOfStreamException || GitHubApi.IsNoAnswer(fault, cancel))
        {
            throw new RunnerBuildException($"The archive of {archive.Repository} could not be downloaded.", fault.Message, "Jobs download it themselves meanwhile; the next night tries again.");
        }
    }

    /// <summary>Errors: <see cref="InvalidDataException"/> or <see cref="EndOfStreamException"/>.</summary>
    internal static void RequireWhole(byte[] archive)
    {
        using var unpacked = new MemoryStream();
        using (var gzip = new GZipStream(new MemoryStream(archive), CompressionMode.Decompress))
            gzip.CopyTo(unpacked);
        // The format ends with the length of what was packed; without it a stream that breaks off looks like one that ends.
        if (archive.Length < 18 || BinaryPrimitives.ReadUInt32LittleEndian(archive.AsSpan(^4)) != (uint)unpacked.Length)
            throw new InvalidDataException("it breaks off");
        unpacked.Position = 0;
        using var tar = new TarReader(unpacked);
        if (tar.GetNextEntry() is null)
            throw new InvalidDataException("there is nothing in it");
        while (tar.GetNextEntry() is not null)
        {
            // To its end.
        }
    }

    private async Task<ActionArchive?> FindAsync(UsedAction action, CancellationToken cancel)
    {
        // Under the name that it has now, whatever the workflow calls it.
        if (await api.GetAsync($"repos/{action.Repository}", cancel) is not { } repository)
            return null;
        // The folder is for the jobs of all pools of a host, whose scopes may see nothing of one another.
        if (repository.TryGetProperty("private", out var hidden) && hidden.ValueKind == JsonValueKind.True)
            return null;
        var name = repository.GetProperty("full_name").GetString()!;
        try
        {
            var commit = await api.Client.Repository.Commit.GetSha1(name.Split('/')[0], name.Split('/')[1], action.Ref);
            return Sha1().IsMatch(commit) ? new ActionArchive(name, commit) : null;
        }
        catch (ApiException fault) when ((int)fault.StatusCode is 404 or 409 or 422)
        {
            return null;
        }
        catch (ApiException fault)
        {
            throw GitHubApi.Explain($"GET repos/{name}/commits/{action.Ref}", fault);
        }
    }

    /// <returns>Null: it is not there.</returns>
    private async Task<JsonElement?> ContentAsync(string path, CancellationToken cancel) => await api.LookAsync(path, cancel) switch
    {
        { Status: 200, Body: { } body } => body,
        { Status: 404 } => null,
        var look => throw new RunnerBuildException(
            $"The workflows of {scope.Name} cannot be read.", $"GET {path}: {look.Status} {look.Message}", "Give the credential `Contents: read` there (classic token: repo), or switch `actionArchives` off."),
    };

    [GeneratedRegex("^[0-9a-f]{40}$")]
    private static partial Regex Sha1();
}
