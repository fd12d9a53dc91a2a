namespace Supervisor.Docker;

/// <summary>The labels that say whose a container is. They outlive this program, which adopts by them.</summary>
internal static class ContainerLabels
{
    public const string Host = "runnerbuild.host";
    public const string Slot = "runnerbuild.slot";
    public const string Pool = "runnerbuild.pool";
    public const string Runner = "runnerbuild.runner";
    public const string RunnerId = "runnerbuild.runner-id";
    public const string RunnerLabels = "runnerbuild.labels";

    // What to serve on, and to take away at the end.
    public const string Docker = "runnerbuild.docker";
    public const string CgroupParent = "runnerbuild.cgroup-parent";

    // Where to deregister the runner, also after the settings have changed.
    public const string Api = "runnerbuild.api";
    public const string Scope = "runnerbuild.scope";
    public const string Credential = "runnerbuild.credential";

    public const string Hash = "runnerbuild.hash";

    /// <summary>Where programs before this one kept <see cref="Hash"/>; now it is what Docker Compose itself would write there.</summary>
    public const string ComposeHash = "com.docker.compose.config-hash";
}
