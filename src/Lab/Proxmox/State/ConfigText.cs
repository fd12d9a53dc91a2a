using System.Text;

namespace Lab.Proxmox.State;

/// <summary>The guest's configuration file as text, and its digest: the SHA-1 that a client hands back to notice foreign changes.</summary>
internal static class ConfigText
{
    public static string Write(Guest guest)
    {
        var text = new StringBuilder();
        foreach (var line in guest.Config.GetValueOrDefault("description")?.Split('\n') ?? [])
            text.Append('#').Append(Uri.EscapeDataString(line)).Append('\n');
        foreach (var (key, value) in guest.Config.Where(entry => entry.Key != "description"))
            text.Append(key).Append(": ").Append(value).Append('\n');
        if (guest.Pending.Count + guest.PendingDelete.Count > 0)
            AppendPending(text, guest);
        return text.ToString();
    }

    public static string Digest(Guest guest) => Sha1Hex.Of(Write(guest));

    private static void AppendPending(StringBuilder text, Guest guest)
    {
        text.Append("\n[PENDING]\n");
        if (guest.PendingDelete.Count > 0)
            text.Append("delete: ").AppendJoin(',', guest.PendingDelete.Select(entry => (entry.Value ? "!" : "") + entry.Key)).Append('\n');
        foreach (var (key, value) in guest.Pending)
            text.Append(key).Append(": ").Append(value).Append('\n');
    }
}
