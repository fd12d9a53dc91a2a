using System.Diagnostics;
using System.Text.Json;

namespace Lab.Tests.Proxmox;

/// <summary>Proxmox's published schema and the program that checks requests against it. They are not part of this project: their licence forbids it.</summary>
internal sealed class Reference(string folder)
{
    public static Reference OrSkip()
    {
        var found = Find();
        Assert.SkipWhen(found is null, "No pve_check.py in $RUNNERBUILD_REFERENCE or in ../shared/reference beside the repository: nothing was checked against the schema.");
        return found;
    }

    /// <summary>Null where it is not at hand.</summary>
    public static Reference? Find() => Folder() is { } folder ? new(folder) : null;

    /// <param name="version">As the double's: `9.1`, `8.4` or `7.4`.</param>
    public static string SchemaOf(string version) => version == "9.1" ? "pve-apischema.json" : $"pve-apischema-{version}.json";

    public JsonElement Endpoints(string schema) =>
        JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, schema))).RootElement.GetProperty("endpoints").Clone();

    /// <summary>What is wrong with some of these requests: parameter and reason, by the line's number from 1.</summary>
    public async Task<Dictionary<int, Dictionary<string, string>>> FindingsAsync(string schema, IEnumerable<string> lines, CancellationToken cancel)
    {
        var (exitCode, output) = await CheckAsync(schema, lines, cancel, "--json", "--quiet");
        var findings = output.Split('\n').Where(line => line.StartsWith('{')).Select(line => JsonDocument.Parse(line).RootElement)
            .ToDictionary(line => line.GetProperty("line").GetInt32(), line => line.GetProperty("findings").Deserialize<Dictionary<string, string>>()!);
        exitCode.ShouldBe(findings.Count > 0 ? 1 : 0, output);
        return findings;
    }

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

    private static string? Folder()
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
