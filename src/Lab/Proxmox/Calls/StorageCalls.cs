using Lab.Proxmox.Wire;
using static Lab.Proxmox.Schema.Parameter;

namespace Lab.Proxmox.Calls;

/// <summary>`/nodes/{node}/storage/{storage}/…`: what is on a storage, and what it downloads. What can be downloaded is in the options; nothing is fetched.</summary>
internal static class StorageCalls
{
    private const string Path = "/nodes/{node}/storage/{storage}/";
    private static readonly string[] Algorithms = ["md5", "sha1", "sha224", "sha256", "sha384", "sha512"];

    public static void Add(CallTable calls, Site site)
    {
        calls.Add(
            "GET",
            Path + "content",
            Permissions.OnAny("/storage/{storage}", "Datastore.Audit", "Datastore.AllocateSpace"),
            [Site.NodeParameter, Text("storage", "pve-storage-id"), Text("content", "pve-storage-content").Optional(), site.VmIdParameter().Optional()],
            request => Content(request, site)
        );
        string[] contents = site.Version.HasImportContent ? ["iso", "vztmpl", "import"] : ["iso", "vztmpl"];
        calls.Add(
            "POST",
            Path + "download-url",
            (access, caller, arguments) =>
            {
                access.Demand(caller, Permissions.Fill("/storage/{storage}", arguments), "Datastore.AllocateTemplate");
                var network = site.Version.Major >= 8 && access.Has(caller, Permissions.Fill("/nodes/{node}", arguments), "Sys.AccessNetwork");
                if (!network && !access.Has(caller, "/", "Sys.Audit", "Sys.Modify"))
                    throw ApiException.Forbidden("Permission check failed");
            },
            [
                Site.NodeParameter,
                Text("storage", "pve-storage-id"),
                Choice("content", contents) with { Format = "pve-storage-content" },
                Text("filename").AtMost(255),
                Text("url").Matching("https?://.*"),
                Text("checksum").Optional() with { Requires = "checksum-algorithm" },
                Choice("checksum-algorithm", Algorithms).Optional() with { Requires = "checksum" },
                Flag("verify-certificates").Optional(),
                .. site.Version.Major >= 8 ? [Text("compression").Optional()] : Array.Empty<Schema.Parameter>(),
            ],
            request => Download(request, site)
        );
    }

    private static List<Dictionary<string, object?>> Content(ApiRequest request, Site site)
    {
        NodeCalls.Find(request["storage"], site);
        return site.Cluster.Read(content => content
            .Volumes.Where(volume => volume.StartsWith(request["storage"] + ":", StringComparison.Ordinal))
            .Where(volume => request.Text("content") is not { } kind || volume.Contains($":{kind}/", StringComparison.Ordinal))
            .Select(volume => new Dictionary<string, object?> { ["volid"] = volume, ["content"] = volume.Split(':')[1].Split('/')[0], ["format"] = "qcow2", ["size"] = 1L << 29 })
            .ToList());
    }

    private static string Download(ApiRequest request, Site site)
    {
        var (storage, content, file) = (NodeCalls.Find(request["storage"], site), request["content"], request["filename"]);
        if (!storage.Content.Contains(content))
            throw ApiException.Parameter("storage", $"storage '{storage.Name}' is not configured for content-type '{content}'\n");
        var volume = $"{storage.Name}:{content}/{file}";
        if (content == "import" && !new[] { ".qcow2", ".raw", ".vmdk", ".ova" }.Contains(System.IO.Path.GetExtension(file)))
            throw ApiException.Parameter("filename", "invalid filename or wrong extension\n");
        if (site.Cluster.Read(state => state.Volumes.Contains(volume)))
            throw ApiException.Internal($"refusing to override existing file '{file}'");
        return site.Workers.Start(
            request.Node,
            "download",
            file,
            request.Caller,
            (log, _) =>
            {
                log($"downloading {request["url"]} to {volume}");
                if (!site.Options.Downloads.TryGetValue(request["url"], out var digest))
                    throw ApiException.Internal("download failed: 404 Not Found");
                if (request.Text("checksum") is { } wanted && $"{request["checksum-algorithm"]}:{wanted}" != digest)
                    throw ApiException.Internal($"checksum mismatch: got '{digest.Split(':')[1]}' != expect '{wanted}'");
                site.Cluster.Change(state => state.Volumes.Add(volume));
                return Task.CompletedTask;
            }
        );
    }
}
