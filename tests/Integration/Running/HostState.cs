namespace Integration.Running;

/// <summary>What a run that changes nothing must leave as it is.</summary>
internal static class HostState
{
    /// <summary>Files with their content, mode, owner and time; since when services run; which containers there are.</summary>
    public static Task<string> OfAsync(LabFixture lab, string host) => lab.OnHostAsync(
        host,
        """
        set -eu
        places='/opt/github-runners /etc/github-runners /etc/docker /etc/systemd/system /etc/apt /etc/passwd /etc/group'
        find $places -printf '%p %y %m %u:%g %T@ %l\n' | sort
        find $places -type f -print0 | sort -z | xargs -0 sha256sum
        systemctl show -p ActiveEnterTimestampMonotonic -p MainPID docker.service github-docker-runners.service
        docker ps --all --quiet --no-trunc | sort
        docker images --all --quiet --no-trunc | sort
        """);
}
