using System.Text;

namespace Supervisor.Slots;

/// <summary>Which slots a person has drained, one name per line in a file, so that a restart does not undo it.</summary>
internal sealed class DrainedSlots(string path)
{
    private readonly HashSet<string> names = File.Exists(path) ? [.. File.ReadAllLines(path)] : [];

    public bool Contains(string slot) => names.Contains(slot);

    public void Set(string slot, bool drained)
    {
        if (!(drained ? names.Add(slot) : names.Remove(slot)))
            return;
        WholeFile.Write(path, Encoding.UTF8.GetBytes(string.Concat(names.Order(StringComparer.Ordinal).Select(name => name + "\n"))));
    }
}
