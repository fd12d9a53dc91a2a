using System.Collections.Immutable;
using RunnerBuild.Applying;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote.Ssh;

namespace RunnerBuild.Operating;

/// <summary>What one host says of its slots.</summary>
/// <param name="Problem">Why nothing is known of them, or what is wrong beside them; null when nothing is.</param>
internal sealed record HostReport(string Host, ImmutableArray<SlotStatus> Slots, string? Problem)
{
    // Bash's own way to a socket, since not every host has curl.
    private const string Counts = """exec 3<>"/dev/tcp/127.0.0.1/$1" && printf 'GET /debug/vars HTTP/1.0\r\n\r\n' >&3 && timeout 5 cat <&3 | sed '1,/^\r$/d'""";

    private const string Archives = """find "$1" -name '*.tar.gz' -printf '%s\n' 2>/dev/null | awk '{ n++; s += $1 } END { printf "%d %d\n", n, s }'""";

    /// <summary>Null: the host keeps no archives of actions.</summary>
    public ArchiveStock? ActionArchives { get; init; }

    /// <summary>Null: the host has no mirror, or it does not answer.</summary>
    public MirrorUse? Mirror { get; init; }

    /// <summary>Every host of the run is asked at once, each by one connection.</summary>
    public static Task<HostReport[]> OfAllAsync(Site site, CancellationToken cancel) => Task.WhenAll(site.Sessions.Select(session => OfAsync(session, cancel)));

    /// <summary>What is wrong in these reports, a line each; drained slots and slots between two jobs are not.</summary>
    public static IReadOnlyList<string> Faults(IEnumerable<HostReport> reports) =>
    [
        .. reports.SelectMany(report => report.Slots.Where(slot => slot.State == "Parked").Select(slot => $"{report.Host} {slot.Name} is parked: {slot.Reason}")
            .Prepend(report.Problem is { } problem ? $"{report.Host}: {problem}" : null)).OfType<string>(),
    ];

    private static async Task<HostReport> OfAsync(HostSession session, CancellationToken cancel)
    {
        try
        {
            var machine = await session.MachineAsync(cancel);
            var mirror = PullThroughMirror.MayBeOn(session.Host) ? (await machine.RunAsync(Counts, [$"{PullThroughMirror.CountsPort}"], null, cancel)).Output : "";
            var status = await SupervisorAnswer.ReadAsync(machine, cancel);
            var report = status is not null
                ? new HostReport(session.Name, status.Slots, status.Problem)
                : new HostReport(session.Name, [], $"the supervisor does not answer: `systemctl status {HostPaths.ServiceUnit}` there, or DeployRunners");
            return report with { Mirror = MirrorUse.Parse(mirror), ActionArchives = session.Host.ActionArchives ? await ArchivesAsync(machine, status, cancel) : null };
        }
        catch (RunnerBuildException fault)
        {
            return new HostReport(session.Name, [], fault.What);
        }
    }

    private static async Task<ArchiveStock?> ArchivesAsync(SshMachine machine, SupervisorStatus? status, CancellationToken cancel) =>
        ArchiveStock.Parse((await machine.RunAsync(Archives, [HostPaths.ActionArchives], null, cancel)).Output, status?.ActionArchivesTaken);
}
