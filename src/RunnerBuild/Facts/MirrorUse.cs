using System.Globalization;
using System.Text.Json;

namespace RunnerBuild.Facts;

/// <summary>How much of what a host's engines asked its mirror for was there already, since the mirror was started.</summary>
/// <param name="Requests">For layers and manifests together.</param>
/// <param name="Hits">Those that were answered without asking the registry behind it for content.</param>
/// <param name="Pulled">Bytes that came from that registry.</param>
/// <param name="Given">Bytes that the engines got.</param>
internal sealed record MirrorUse(long Requests, long Hits, long Pulled, long Given)
{
    public override string ToString() => string.Create(
        CultureInfo.InvariantCulture, $"{Hits} of {Requests} requests answered from the mirror's store since it started; {Pulled / 1e6:0} MB pulled, {Given / 1e6:0} MB given");

    /// <param name="counts">What the mirror answers at /debug/vars.</param>
    /// <returns>Null: it is no mirror's answer.</returns>
    public static MirrorUse? Parse(string counts)
    {
        try
        {
            using var json = JsonDocument.Parse(counts);
            if (!json.RootElement.TryGetProperty("registry", out var registry) || !registry.TryGetProperty("proxy", out var proxy))
                return null;
            long Sum(string name) => proxy.EnumerateObject().Sum(kind => kind.Value.TryGetProperty(name, out var count) ? count.GetInt64() : 0);
            return new MirrorUse(Sum("Requests"), Sum("Hits"), Sum("BytesPulled"), Sum("BytesPushed"));
        }
        catch (JsonException)
        {
            return null;
        }
    }
}
