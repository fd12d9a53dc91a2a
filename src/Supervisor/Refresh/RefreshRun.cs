using System.Text;
using System.Text.Json;

namespace Supervisor.Refresh;

/// <summary>The nightly run of this host, as far as the supervisor can have it begun and can see it: by files that root alone reads and writes.</summary>
internal sealed class RefreshRun(RefreshPlaces places)
{
    public const string NotHere =
        "The fleet's nightly run is not installed on this host, so nobody here can refresh its image. Run `sudo ./build.sh InstallNightly` on it, with the fleet file and its secrets; where another machine has them, its own timer refreshes this host too, and this job is not needed.";

    private const int LongestText = 64 * 1024;

    /// <summary>Null: the nightly run is another machine's, or nobody's.</summary>
    private RefreshMarker? Marker()
    {
        try
        {
            return JsonSerializer.Deserialize(File.ReadAllBytes(places.Marker), RefreshJson.Default.RefreshMarker);
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException)
        {
            return null;
        }
    }

    /// <summary>Has it begin, unless it is at it already.</summary>
    /// <param name="runner">Whose job asks: that job is not waited for.</param>
    /// <returns>Null: the nightly run is not installed here.</returns>
    public RefreshState? Ask(string runner)
    {
        if (Look() is not { State: not ("asked" or "running") } state)
            return Look();
        var draft = $"{places.Request}.new";
        File.WriteAllText(draft, runner);
        File.Move(draft, places.Request, overwrite: true);
        return state with { State = "asked" };
    }

    public RefreshState? Look()
    {
        if (Marker() is not { } marker)
            return null;
        var newest = Directory.Exists(marker.Reports) ? Directory.EnumerateFiles(marker.Reports, "????-??-??T??-??-??Z.md").Max(StringComparer.Ordinal) : null;
        var known = new RefreshState(newest is null ? "never" : IsGood(newest) ? "good" : "bad", null, newest is null ? null : Path.GetFileNameWithoutExtension(newest), null);
        if (Directory.Exists(marker.Running))
            return known with { State = "running", Line = TextOf(Path.Combine(marker.Running, "progress")) };
        return File.Exists(places.Request)
            ? known with { State = "asked", Line = $"waits for {marker.Unit}" }
            : known with { Text = newest is null ? null : TextOf(newest) };
    }

    private static bool IsGood(string report)
    {
        try
        {
            using var json = JsonDocument.Parse(File.ReadAllBytes(Path.ChangeExtension(report, ".json")));
            return json.RootElement.GetProperty("good").GetBoolean();
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException or JsonException or KeyNotFoundException or InvalidOperationException)
        {
            return false;
        }
    }

    private static string? TextOf(string path)
    {
        try
        {
            var bytes = File.ReadAllBytes(path);
            return Encoding.UTF8.GetString(bytes.AsSpan(0, Math.Min(bytes.Length, LongestText)));
        }
        catch (Exception fault) when (fault is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }
}
