using System.Security.Cryptography;
using System.Text.Json;

namespace Supervisor.Configuration;

/// <summary>Settings as loaded, with the SHA-256 (lower-case hex) of the file they came from and a hash per pool of what makes its containers.</summary>
internal sealed record LoadedSettings(SupervisorSettings Settings, string Sha256, IReadOnlyDictionary<string, string> PoolHashes);

/// <summary>Loads <c>supervisor.json</c>, or throws <see cref="SettingsProblem"/>.</summary>
internal static class SettingsFile
{
    public static LoadedSettings Load(string path)
    {
        var bytes = Read(path);
        var settings = Parse(bytes, path);
        var problems = SettingsCheck.ProblemsIn(settings).ToList();
        if (problems.Count > 0)
            throw new SettingsProblem($"{path}: {string.Join("; ", problems)}.");

        var hashes = settings.Pools.ToDictionary(pool => pool.Name, pool => PoolHash.Of(pool, settings.Host));
        return new LoadedSettings(settings, Convert.ToHexStringLower(SHA256.HashData(bytes)), hashes);
    }

    public static SupervisorSettings Parse(byte[] bytes, string path)
    {
        try
        {
            RefuseOtherVersions(bytes, path);
            return JsonSerializer.Deserialize(bytes, SettingsJson.Default.SupervisorSettings)
                ?? throw new SettingsProblem($"{path}: holds null instead of settings.");
        }
        catch (JsonException fault)
        {
            throw new SettingsProblem($"{path}: {fault.Message}");
        }
    }

    private static void RefuseOtherVersions(byte[] bytes, string path)
    {
        using var document = JsonDocument.Parse(bytes);
        var version = document.RootElement.ValueKind == JsonValueKind.Object && document.RootElement.TryGetProperty("version", out var value)
            ? value.ToString()
            : "none";
        if (version != $"{SupervisorSettings.CurrentVersion}")
        {
            throw new SettingsProblem($"{path}: its version is {version} and this program reads version {SupervisorSettings.CurrentVersion}. "
                + "Deploy the program and its settings together (DeployRunners does).");
        }
    }

    private static byte[] Read(string path)
    {
        try
        {
            return File.ReadAllBytes(path);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            throw new SettingsProblem($"{path}: {fault.Message} DeployRunners writes this file.");
        }
    }
}
