using System.Globalization;
using Supervisor.Configuration;

namespace Supervisor.Docker;

/// <summary>What a runner container is made of, whatever its job gets of Docker: the body of Docker's create call for one mint.</summary>
internal static class ContainerSpec
{
    /// <summary>Where a job finds archives of actions; the runner program takes an action from here before it downloads it.</summary>
    public const string ActionArchives = "/opt/action-archives";

    public static CreateContainer Of(MintOrder order, string runner, long runnerId, string? cgroupParent, ComposeMarks compose) => new()
    {
        Image = order.Pool.Image,
        Hostname = runner,
        Env = [.. EnvironmentOf(order.Pool, order.EngineProven)],
        Labels = LabelsOf(order, runner, runnerId, cgroupParent).Concat(compose.LabelsOf(order.Slot)).ToDictionary(),
        HostConfig = HostConfigOf(order.Pool, cgroupParent),
    };

    private static HostConfig HostConfigOf(PoolSettings pool, string? cgroupParent) => new()
    {
        CgroupParent = cgroupParent,
        NanoCpus = pool.Cpus is { } cpus ? (long)(cpus * 1e9) : null,
        Memory = pool.MemoryBytes,
        MemorySwap = pool.MemoryBytes,
        PidsLimit = pool.Pids,
        LogConfig = new LogConfig("json-file", new Dictionary<string, string> { ["max-size"] = "10m", ["max-file"] = "2" }),
        Binds = pool.ActionArchives is { } archives ? [$"{archives}:{ActionArchives}:ro"] : null,
        DeviceRequests = pool.Gpus is { } gpus ? [GpuRequest(gpus)] : null,
    };

    private static DeviceRequest GpuRequest(string gpus)
    {
        IReadOnlyList<IReadOnlyList<string>> gpu = [["gpu"]];
        if (gpus == "all")
            return new DeviceRequest("", -1, null, gpu);
        const string ById = "device=";
        if (gpus.StartsWith(ById, StringComparison.Ordinal))
            return new DeviceRequest("", 0, gpus[ById.Length..].Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries), gpu);
        return new DeviceRequest("", int.Parse(gpus, NumberStyles.None, CultureInfo.InvariantCulture), null, gpu);
    }

    private static IEnumerable<string> EnvironmentOf(PoolSettings pool, bool engineProven) =>
    [
        .. pool.Environment.OrderBy(variable => variable.Key, StringComparer.Ordinal).Select(variable => $"{variable.Key}={variable.Value}"),
        $"RUNNERBUILD_DOCKER={pool.Docker}",
        .. engineProven ? ["RUNNERBUILD_DOCKER_PROVEN=1"] : Array.Empty<string>(),
        .. pool.ActionArchives is null ? Array.Empty<string>() : [$"ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE={ActionArchives}"],
        // The runner then exits with 7 when GitHub refuses its version, instead of a silent 0.
        "ACTIONS_RUNNER_RETURN_VERSION_DEPRECATED_EXIT_CODE=1",
    ];

    private static Dictionary<string, string> LabelsOf(MintOrder order, string runner, long runnerId, string? cgroupParent) => new()
    {
        [ContainerLabels.Hash] = order.Hash,
        [ContainerLabels.Host] = order.Host,
        [ContainerLabels.Slot] = order.Slot,
        [ContainerLabels.Pool] = order.Pool.Name,
        [ContainerLabels.Runner] = runner,
        [ContainerLabels.RunnerId] = runnerId.ToString(CultureInfo.InvariantCulture),
        [ContainerLabels.RunnerLabels] = string.Join(',', order.Labels),
        [ContainerLabels.Api] = order.Pool.Api,
        [ContainerLabels.Scope] = order.Pool.Scope,
        [ContainerLabels.Credential] = order.Pool.Credential,
        [ContainerLabels.Docker] = order.Pool.Docker,
        [ContainerLabels.CgroupParent] = cgroupParent ?? "",
    };
}
