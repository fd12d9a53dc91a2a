using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using Supervisor.Care;

namespace Supervisor.Configuration;

/// <summary>Every problem in settings that parsed, each with its path. No I/O.</summary>
internal static partial class SettingsCheck
{
    public static IEnumerable<string> ProblemsIn(SupervisorSettings settings)
    {
        if (!HostName().IsMatch(settings.Host))
            yield return $"host should be 1 to 40 letters, digits and hyphens, is '{settings.Host}'";
        if (settings.Metrics is { } metrics && !(IPEndPoint.TryParse(metrics, out var at) && at.Port > 0 && IPAddress.IsLoopback(at.Address)))
            yield return $"metrics should be a loopback address and a port such as 127.0.0.1:9252, is '{metrics}'";
        foreach (var name in Repeated(settings.Pools.Select(pool => pool.Name)))
            yield return $"pools: the name '{name}' is used twice";
        foreach (var name in Repeated(settings.Pools.SelectMany(pool => pool.Slots)))
            yield return $"pools: the slot '{name}' is listed twice";
        foreach (var problem in settings.Pools.SelectMany(ProblemsIn).Concat(ProblemsIn(settings.Care)))
            yield return problem;
    }

    private static IEnumerable<string> ProblemsIn(CareSettings care)
    {
        if (care.DiskParkPercent is < 1 or > 100)
            yield return $"care/diskParkPercent should be 1 to 100, is {care.DiskParkPercent}";
        if (care.DiskWarnPercent < 1 || care.DiskWarnPercent > care.DiskParkPercent)
            yield return $"care/diskWarnPercent should be 1 to care/diskParkPercent ({care.DiskParkPercent}), is {care.DiskWarnPercent}";
        if (care.Notify is { } program && !program.StartsWith('/'))
            yield return $"care/notify should be the absolute path of a program, is '{program}'";
    }

    private static IEnumerable<string> ProblemsIn(PoolSettings pool)
    {
        var at = $"pools/{pool.Name}";
        if (!Uri.TryCreate(pool.Api, UriKind.Absolute, out var api) || api.Scheme is not ("http" or "https"))
            yield return $"{at}/api should be an http or https address, is '{pool.Api}'";
        if (!Scope().IsMatch(pool.Scope))
            yield return $"{at}/scope should be orgs/NAME, repos/OWNER/NAME or enterprises/NAME, is '{pool.Scope}'";
        if (!FileName().IsMatch(pool.Credential))
            yield return $"{at}/credential should be a file name, is '{pool.Credential}'";
        if (pool.Labels.Count is < 1 or > 100)
            yield return $"{at}/labels should be 1 to 100 labels, are {pool.Labels.Count}";
        if (pool.Image.Length == 0)
            yield return $"{at}/image should name a Docker image, is empty";
        if (pool.Docker is not ("dind" or "socket" or "none"))
            yield return $"{at}/docker should be dind, socket or none, is '{pool.Docker}'";
        foreach (var problem in LimitProblems(pool, at).Concat(FileProblems(pool, at)))
            yield return problem;
        if (pool.ActionArchives is { } archives && (!archives.StartsWith('/') || archives.Contains(':')))
            yield return $"{at}/actionArchives should be an absolute path without a colon, is '{archives}'";
        foreach (var slot in pool.Slots.Where(slot => !SlotName().IsMatch(slot)))
            yield return $"{at}/slots should be container names (letters, digits, '_', '.', '-'), one is '{slot}'";
    }

    private static IEnumerable<string> LimitProblems(PoolSettings pool, string at)
    {
        if (pool.Cpus is <= 0)
            yield return $"{at}/cpus should be more than 0, is {pool.Cpus.Value.ToString(CultureInfo.InvariantCulture)}";
        if (pool.MemoryBytes is < 64L << 20)
            yield return $"{at}/memoryBytes should be at least 67108864 (64 MiB), is {pool.MemoryBytes}";
        if (pool.Pids is < 64)
            yield return $"{at}/pids should be at least 64, is {pool.Pids}";
        if (pool.Gpus is { } gpus && gpus != "all" && !gpus.StartsWith("device=", StringComparison.Ordinal) && !uint.TryParse(gpus, out _))
            yield return $"{at}/gpus should be all, a number, or device= and ids, is {gpus}";
        if (pool.Dockerd is { ValueKind: not (JsonValueKind.Object or JsonValueKind.Null) } dockerd)
            yield return $"{at}/dockerd should be a JSON object, is {dockerd.ValueKind}";
    }

    private static IEnumerable<string> FileProblems(PoolSettings pool, string at)
    {
        foreach (var file in pool.Files)
        {
            if (!file.Path.StartsWith('/') || file.Path.EndsWith('/') || file.Path.Split('/').Contains(".."))
                yield return $"{at}/files: path should be absolute and name a file, is '{file.Path}'";
            if (!OctalMode().IsMatch(file.Mode))
                yield return $"{at}/files: mode of {file.Path} should be octal such as 0644, is '{file.Mode}'";
        }
    }

    private static IEnumerable<string> Repeated(IEnumerable<string> names) =>
        names.GroupBy(name => name, StringComparer.Ordinal).Where(group => group.Count() > 1).Select(group => group.Key);

    [GeneratedRegex("^[A-Za-z0-9]([A-Za-z0-9-]{0,38}[A-Za-z0-9])?$")]
    private static partial Regex HostName();

    [GeneratedRegex("^(orgs/[^/ ?#]+|repos/[^/ ?#]+/[^/ ?#]+|enterprises/[^/ ?#]+)$")]
    private static partial Regex Scope();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]+$")]
    private static partial Regex SlotName();

    [GeneratedRegex("^[A-Za-z0-9][A-Za-z0-9_.-]*$")]
    private static partial Regex FileName();

    [GeneratedRegex("^0?[0-7]{3}$")]
    private static partial Regex OctalMode();
}
