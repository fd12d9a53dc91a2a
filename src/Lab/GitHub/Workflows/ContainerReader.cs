using Lab.GitHub.State;

namespace Lab.GitHub.Workflows;

/// <summary>Reads `container` and `services` of a job.</summary>
internal static class ContainerReader
{
    public static JobContainer? Container(YamlMap job)
    {
        if (job.Map("container") is { } map)
            return Read(map);
        return job.Text("container") is { Length: > 0 } image ? new(image, null, [], [], []) : null;
    }

    public static Dictionary<string, JobContainer> Services(YamlMap job)
    {
        if (job.Map("services") is not { } services)
            return job.Has("services") ? throw new WorkflowProblem($"{job.Path}.services: should be a mapping") : [];
        return services.Keys.ToDictionary(name => name, name => Read(services.Map(name) ?? throw new WorkflowProblem($"{services.Path}.{name}: should be a mapping")));
    }

    private static JobContainer Read(YamlMap map)
    {
        map.Only("image", "env", "options", "ports", "volumes");
        return map.Text("image") is { Length: > 0 } image
            ? new(image, map.Text("options"), map.Texts("env"), map.List("ports"), map.List("volumes"))
            : throw new WorkflowProblem($"{map.Path}.image: is missing");
    }
}
