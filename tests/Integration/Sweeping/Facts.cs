namespace Integration.Sweeping;

/// <summary>All that a deployment brings about on a machine, without what is another each time: times, ids, names of runners.</summary>
internal static class Facts
{
    private const string Script = """
        set -eu
        places='/opt/github-runners /etc/github-runners /etc/docker /etc/systemd/system /etc/apt'
        find $places -printf '%p %y %m %u:%g %l\n' | sort
        find $places -type f -print0 | sort -z | xargs -0 sha256sum
        getent passwd github-runner; id github-runner
        dpkg-query -W -f '${Package} ${Version} ${db:Status-Status}\n' | sort
        for unit in docker.service github-docker-runners.service apt-daily-upgrade.service; do
          systemctl show -p Id -p ActiveState -p UnitFileState -p NeedDaemonReload $unit
        done
        # What is written must also be what runs.
        since() { date -d "$(systemctl show -p ActiveEnterTimestamp --value "$1")" +%s; }
        while read -r file unit; do
          [ "$(stat -c %Y "$file")" -le "$(since "$unit")" ] && echo "$unit has read $file" || echo "$unit has not read $file"
        done <<END
        /etc/docker/daemon.json docker.service
        $(echo /etc/github-runners/credentials/*) github-docker-runners.service
        /etc/systemd/system/github-docker-runners.service github-docker-runners.service
        END
        /opt/github-runners/bin/runnerctl status --json | grep -E '^  "(build|configuration|problem)"'
        docker info --format 'live-restore {{.LiveRestoreEnabled}}'
        docker ps --all --format 'container {{.Names}} {{.Image}} {{.State}}' | sort
        docker image ls --all --format 'image {{.Repository}}:{{.Tag}}' | sort -u
        docker network ls --format 'network {{.Name}}' | sort
        echo volumes $(docker volume ls --quiet | wc -l), not in use $(docker volume ls --quiet --filter dangling=true | wc -l)
        echo drafts: $(find /tmp /var/tmp /dev/shm -type f)
        echo dangling images $(docker image ls --quiet --filter dangling=true | wc -l)
        echo left running: $(pgrep -fa 'dial-stdi[o]|ssh-gat[e]')
        """;

    public static Task<string> OfAsync(string container) => Machine.RunAsync(container, Script);

    /// <summary>The lines that are only in one of the two.</summary>
    public static IEnumerable<string> Differences(string wanted, string have)
    {
        var (first, second) = (wanted.Split('\n'), have.Split('\n'));
        return [.. first.Except(second).Select(line => $"- {line}"), .. second.Except(first).Select(line => $"+ {line}")];
    }

    /// <summary>The registrations that the machine's containers stand for.</summary>
    public static async Task<IReadOnlyList<string>> RunnersAsync(string container) =>
        [.. (await Machine.RunAsync(container, "docker ps --all --format '{{.Label \"runnerbuild.runner\"}}' | sort")).Split('\n', StringSplitOptions.RemoveEmptyEntries)];
}
