namespace RunnerBuild.Desired;

/// <summary>What is to be gone from a host after RemoveRunners, beyond what other targets ask about.</summary>
internal static class HostRemoval
{
    public const string DaemonBefore = $"{HostPaths.Daemon}.before";

    /// <summary>The files that the facts must tell about.</summary>
    public static IEnumerable<string> Files { get; } = [HostPaths.State, HostPaths.Runtime, DaemonBefore];
}
