using System.Globalization;
using System.Text;

namespace Supervisor.Evidence;

/// <summary>Prometheus' text format, version 0.0.4.</summary>
internal sealed class MetricsText
{
    public const string ContentType = "text/plain; version=0.0.4; charset=utf-8";
    private readonly StringBuilder text = new();

    public void Family(string name, string type, string help) =>
        text.Append(CultureInfo.InvariantCulture, $"# HELP {name} {help}\n# TYPE {name} {type}\n");

    public void Sample(string name, double value, params ReadOnlySpan<(string Name, string Value)> labels)
    {
        text.Append(name);
        for (var i = 0; i < labels.Length; i++)
            text.Append(i == 0 ? '{' : ',').Append(labels[i].Name).Append("=\"").Append(Escaped(labels[i].Value)).Append('"');
        text.Append(labels.Length > 0 ? "} " : " ").Append(double.IsPositiveInfinity(value) ? "+Inf" : value.ToString("R", CultureInfo.InvariantCulture)).Append('\n');
    }

    public void Histograms(string name, string help, IEnumerable<KeyValuePair<string, Histogram>> byPool)
    {
        Family(name, "histogram", help);
        foreach (var (pool, histogram) in byPool)
        {
            foreach (var (bound, count) in histogram.Buckets)
                Sample($"{name}_bucket", count, ("pool", pool), ("le", bound.ToString("R", CultureInfo.InvariantCulture)));
            Sample($"{name}_bucket", histogram.Count, ("pool", pool), ("le", "+Inf"));
            Sample($"{name}_sum", histogram.Sum, ("pool", pool));
            Sample($"{name}_count", histogram.Count, ("pool", pool));
        }
    }

    public override string ToString() => text.ToString();

    private static string Escaped(string value) =>
        value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal).Replace("\n", "\\n", StringComparison.Ordinal);
}
