namespace RunnerBuild.Desired;

/// <summary>Where things are on a host.</summary>
internal static class HostPaths
{
    public const string Root = "/opt/github-runners";
    public const string Programs = $"{Root}/bin";
    public const string Supervisor = $"{Programs}/github-docker-runners";
    public const string Control = $"{Programs}/runnerctl";
    public const string Work = $"{Root}/work";
    public const string Compose = $"{Root}/docker-compose.yml";
    public const string Settings = "/etc/github-runners";
    public const string Configuration = $"{Settings}/supervisor.json";
    public const string Credentials = $"{Settings}/credentials";
    public const string Jobs = $"{Settings}/jobs";
    public const string State = "/var/lib/github-runners";
    public const string Runtime = "/run/github-runners";
    public const string ActionArchives = "/var/lib/github-runners-actions";
    public const string Daemon = "/etc/docker/daemon.json";
    public const string ServiceUnit = "github-docker-runners.service";
    public const string ServiceUnitFile = $"/etc/systemd/system/{ServiceUnit}";
}
