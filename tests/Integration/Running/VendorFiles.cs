using System.IO.Compression;
using System.Net;
using System.Security.Cryptography;

namespace Integration.Running;

/// <summary>Downloads in the shape of the vendors' own, on a web server that the lab's machines can reach.</summary>
internal sealed class VendorFiles : IDisposable
{
    private const int Port = 28085;
    private readonly string _folder = Directory.CreateTempSubdirectory("rbit-vendors-").FullName;
    private readonly HttpListener _listener = new();

    private VendorFiles()
    {
        _listener.Prefixes.Add($"http://{FleetText.Gateway}:{Port}/");
        _listener.Start();
        _ = ServeAsync();
    }

    public static async Task<VendorFiles> StartAsync()
    {
        var files = new VendorFiles();
        await files.ArchiveAsync("gh", "gh.tar.gz", "z", ("gh_2.63.2_linux_amd64/bin/gh", "echo gh version 2.63.2"), ("gh_2.63.2_linux_amd64/LICENSE", ""));
        await files.ArchiveAsync("helm", "helm.tar.gz", "z", ("linux-amd64/helm", "[ \"$1\" != template ] || echo 'kind: Deployment'"), ("linux-amd64/README.md", ""));
        await files.ArchiveAsync("node", "node.tar.xz", "J", ("node-v22.12.0-linux-x64/bin/node", "echo 42"), ("node-v22.12.0-linux-x64/bin/npm", "echo 10.9.0"), ("node-v22.12.0-linux-x64/LICENSE", ""));
        files.Program("kubectl", "[ \"$1\" != create ] || echo '  works: \"yes\"'");
        files.Program("terraform", "case \"$*\" in *output*) echo 42;; esac");
        files.Program("mine", "echo mine");
        using (var zip = ZipFile.Open(Path.Combine(files._folder, "terraform.zip"), ZipArchiveMode.Create))
            zip.CreateEntryFromFile(Path.Combine(files._folder, "terraform"), "terraform");
        return files;
    }

    public string Url(string name) => $"http://{FleetText.Gateway}:{Port}/{name}";

    public string Digest(string name) => Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(Path.Combine(_folder, name))));

    /// <summary>A tool's entry in a fleet.</summary>
    public string Pin(string version, string name) => $"{{ version: {version}, sha256: {{ x64: {Digest(name)} }}, url: {{ x64: \"{Url(name)}\" }} }}";

    private async Task ArchiveAsync(string tool, string archive, string packer, params (string Path, string Script)[] files)
    {
        var root = Path.Combine(_folder, $"{tool}.d");
        foreach (var (path, script) in files)
            Program(Path.Combine($"{tool}.d", path), script);
        // As the vendors' own are: no `./` before the names.
        var packed = await LocalProgram.RunAsync("tar", [$"-c{packer}f", Path.Combine(_folder, archive), "-C", root, .. Directory.GetFileSystemEntries(root).Select(entry => Path.GetFileName(entry)!)]);
        packed.ExitCode.ShouldBe(0, packed.Output);
    }

    private void Program(string path, string script)
    {
        var file = Path.Combine(_folder, path);
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, $"#!/bin/sh\n{script}\n");
        File.SetUnixFileMode(file, (UnixFileMode)0b111_101_101);
    }

    private async Task ServeAsync()
    {
        while (_listener.IsListening)
        {
            HttpListenerContext call;
            try
            {
                call = await _listener.GetContextAsync();
            }
            catch (Exception fault) when (fault is HttpListenerException or ObjectDisposedException)
            {
                return;
            }

            var file = Path.Combine(_folder, Path.GetFileName(call.Request.Url!.AbsolutePath));
            call.Response.StatusCode = File.Exists(file) ? 200 : 404;
            if (File.Exists(file))
                await call.Response.OutputStream.WriteAsync(await File.ReadAllBytesAsync(file));
            call.Response.Close();
        }
    }

    public void Dispose()
    {
        _listener.Close();
        Directory.Delete(_folder, recursive: true);
    }
}
