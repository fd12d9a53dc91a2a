using System.Globalization;
using Supervisor.Docker;
using Supervisor.Systemd;

namespace Supervisor.Evidence;

/// <summary>Copies one container's output into the journal, where it outlives the container; each line once, also when this program starts anew and reads the output from its first line again.</summary>
/// <remarks>Docker's own journald driver would do the copying, but then its <c>logs</c> call, which slots are run by, reads from the journal and does not follow on common hosts (moby/moby#46983).</remarks>
internal sealed class ContainerLog
{
    // Of a slot's containers: the one that serves, those set aside, and one to spare.
    private const int MostPositions = 8;
    private readonly Journal journal;
    private readonly string position;
    private readonly (string Slot, string Container, string Runner) source;
    private DateTimeOffset last;
    private bool again;

    /// <param name="folder">Keeps how far each slot's containers were copied.</param>
    public ContainerLog(Journal journal, string folder, string slot, string container, string runner)
    {
        this.journal = journal;
        source = (slot, container, runner);
        position = Path.Combine(folder, slot, container[..12]);
        last = ReadPosition();
    }

    /// <summary>The output is about to be read from its first line.</summary>
    public void Begin() => again = true;

    public void Add(TimedLine line)
    {
        if (line.At is not { } at || (again && at <= last))
            return;
        again = false;
        if (!journal.Write(
            6, source.Slot, line.Text, ("CONTAINER_NAME", source.Slot), ("CONTAINER_ID", source.Container[..12]), ("CONTAINER_ID_FULL", source.Container),
            ("RUNNERBUILD_SLOT", source.Slot), ("RUNNERBUILD_RUNNER", source.Runner)))
            return;
        // stdout and stderr are taken down side by side, so times may go back a little.
        last = at > last ? at : last;
        WritePosition();
    }

    private DateTimeOffset ReadPosition()
    {
        try
        {
            var others = Directory.CreateDirectory(Path.GetDirectoryName(position)!).GetFiles();
            foreach (var gone in others.OrderByDescending(file => file.LastWriteTimeUtc).Skip(MostPositions))
                gone.Delete();
            return File.Exists(position) && long.TryParse(File.ReadAllText(position), NumberStyles.None, CultureInfo.InvariantCulture, out var ticks)
                ? new DateTimeOffset(ticks, TimeSpan.Zero)
                : DateTimeOffset.MinValue;
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return DateTimeOffset.MinValue;
        }
    }

    private void WritePosition()
    {
        try
        {
            File.WriteAllText($"{position}.new", last.UtcTicks.ToString(CultureInfo.InvariantCulture));
            File.Move($"{position}.new", position, overwrite: true);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            // A full disk, say: at worst, lines come twice after a restart.
        }
    }
}
