using System.Diagnostics;
using System.Text.Json;

namespace RunnerBuild.Tests.VirtualMachines;

/// <summary>Proxmox's published schema and the program that checks requests against it. They are not part of this project: their licence forbids it.</summary>
internal sealed class Reference(string folder)
{
    public static Reference OrSkip()
    {
        var found = Find();
        Assert.SkipWhen(found is null, "No pve_check.py in $RUNNERBUILD_REFERENCE or in ../shared/reference beside the repository: nothing was checked against the schema.");
        return new(found);
    }

    public JsonElement Endpoints(string schema) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, schema))).RootElement.GetProperty("endpoints").Clone();

    /// <param name="lines">One request each, as JSON.</param>
    public async Task<(int ExitCode, string Output)> CheckAsync(string schema, IEnumerable<string> lines, CancellationToken cancel, params string[] options)
    {
        var log = Path.GetTempFileName();
        await File.WriteAllLinesAsync(log, lines, cancel);
        using var check = Process.Start(new ProcessStartInfo("python3", [Path.Combine(folder, "pve_check.py"), "--schema", Path.Combine(folder, schema), .. options, log])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = check.StandardError.ReadToEndAsync(cancel);
        var output = await check.StandardOutput.ReadToEndAsync(cancel) + await errors;
        await check.WaitForExitAsync(cancel);
        File.Delete(log);
        return (check.ExitCode, output);
    }

    private static string? Find()
    {
        if (Environment.GetEnvironmentVariable("RUNNERBUILD_REFERENCE") is { Length: > 0 } named)
            return File.Exists(Path.Combine(named, "pve_check.py")) ? named : null;
        for (var at = new DirectoryInfo(AppContext.BaseDirectory); at is not null; at = at.Parent)
        {
            // A work tree may be one level deeper than a clone.
            foreach (var beside in new[] { Path.Combine(at.FullName, "..", "shared", "reference"), Path.Combine(at.FullName, "..", "..", "shared", "reference") })
            {
                if (File.Exists(Path.Combine(at.FullName, "RunnerBuild.sln")) && File.Exists(Path.Combine(beside, "pve_check.py")))
                    return Path.GetFullPath(beside);
            }
        }

        return null;
    }
}
