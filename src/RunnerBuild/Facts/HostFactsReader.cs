using System.Collections.Immutable;
using System.Globalization;
using System.Text;
using RunnerBuild.Remote;

namespace RunnerBuild.Facts;

/// <summary>What to ask of a host beyond what is always asked.</summary>
internal sealed record Questions(
    IReadOnlySet<string> Files, IReadOnlySet<string> Units, IReadOnlySet<string> Packages, IReadOnlySet<string> Accounts)
{
    /// <summary>Files whose content is to be told too. Never of a secret.</summary>
    public IReadOnlySet<string> Texts { get; init; } = new HashSet<string>();

    public IReadOnlySet<string> Images { get; init; } = new HashSet<string>();

    public IReadOnlyList<string> AsArguments() =>
    [
        .. Files.Except(Texts).SelectMany(file => new[] { "file", file }),
        .. Texts.SelectMany(file => new[] { "text", file }),
        .. Images.SelectMany(image => new[] { "image", image }),
        .. Units.SelectMany(unit => new[] { "unit", unit }),
        .. Packages.SelectMany(package => new[] { "package", package }),
        .. Accounts.SelectMany(account => new[] { "account", account }),
    ];
}

/// <summary>Asks a host everything with one command and reads its answer.</summary>
internal static class HostFactsReader
{
    private static readonly Lazy<string> Script = new(() => EmbeddedText.Read("host-facts.sh"));

    public static async Task<HostFacts> ReadAsync(IMachine machine, Questions questions, string nonce, CancellationToken cancel)
    {
        var asked = TimeProvider.System.GetUtcNow();
        var output = await machine.CheckAsync("Looking at the host", Script.Value, [nonce, .. questions.AsArguments()], null, cancel);
        return Parse(output, asked + (TimeProvider.System.GetUtcNow() - asked) / 2);
    }

    /// <param name="clock">This machine's time when the host read its own.</param>
    internal static HostFacts Parse(string output, DateTimeOffset clock)
    {
        var rows = output.Split('\n', StringSplitOptions.RemoveEmptyEntries).Select(line => line.Split('\t')).ToLookup(row => row[0], row => row[1..]);
        string[] One(string kind) => rows[kind].FirstOrDefault() ?? [];
        string First(string kind) => One(kind).FirstOrDefault() ?? "";
        var texts = rows["text"].ToDictionary(row => row[0], row => Encoding.UTF8.GetString(Convert.FromBase64String(row.ElementAtOrDefault(1) ?? "")));
        return new HostFacts(
            One("system") is [var id, var version, var codename] ? new OperatingSystem(id, version, codename) : new OperatingSystem("unknown", "", ""),
            First("architecture"),
            One("disk") is [var size, var available] ? new DiskSpace((long)Number(size), (long)Number(available)) : new DiskSpace(0, 0),
            DateTimeOffset.UnixEpoch.AddSeconds(Number(First("clock"))) - clock,
            First("virtualization"),
            First("uuid"),
            (int)Number(First("mtu")),
            Enum.Parse<CloudInit>(First("cloudinit"), ignoreCase: true),
            rows["package"].Where(row => row is [_, _, "installed"]).ToImmutableDictionary(row => row[0], row => row[1]),
            rows["account"].ToImmutableDictionary(row => row[0], AccountOf),
            rows["file"].Select(row => FileOf(row, texts.GetValueOrDefault(row[0]))).Concat(rows["directory"].Select(DirectoryOf)).Concat(rows["link"].Select(LinkOf)).ToImmutableDictionary(),
            rows["unit"].ToImmutableDictionary(row => row[0], row => UnitOf(row)),
            One("engine") is [var engine, var api] ? new EngineFact(engine, api, First("liverestore") == "true", One("liverestore").ElementAtOrDefault(1) ?? "inactive", rows["buildkit"].Any()) : null,
            // A name that something else was given does not count.
            [.. rows["image"].Where(row => row[0].EndsWith($":{row.ElementAtOrDefault(1)}", StringComparison.Ordinal)).Select(row => row[0])],
            [.. rows["container"].Select(row => ContainerOf(row))],
            First("supervisor") is { Length: > 0 } status ? SupervisorStatus.Parse(status) : null)
        {
            Built = [.. rows["image"].Select(row => row[0])],
            Used = [.. rows["used"].Select(row => row[0])],
            Stored = [.. rows["stored"].Select(row => row[0])],
            Bridge = First("bridge") is { Length: > 0 } bridge ? bridge : null,
            DockerSources = [.. rows["dockersource"].Select(row => row[0])],
            SnapDocker = rows["snapdocker"].Any(),
            Pulled = [.. rows["pulled"].Select(row => row[0])],
            Earlier = new EarlierInstallation(
                rows["earlierunit"].Any(), [.. rows["earliertimer"].Select(row => row[0])], [.. rows["earlierpath"].Select(row => row[0])],
                [.. rows["earlierrunner"].Select(EarlierOf)]),
        };
    }

    private static ContainerFact ContainerOf(string[] row) =>
        new(row[0], row[1], row[2], row[3], row.ElementAtOrDefault(4) ?? "", row.ElementAtOrDefault(5) ?? "");

    private static EarlierRunner EarlierOf(string[] row) =>
        new(row[0], row[1] is "running" or "restarting" or "paused", row[2] == "busy", row[3], (long)Number(row[4]), row[5]);

    private static Account AccountOf(string[] row) =>
        new((int)Number(row[1]), (int)Number(row[2]), row[3], [.. row[4].Split(' ', StringSplitOptions.RemoveEmptyEntries)]);

    private static KeyValuePair<string, FileFact> FileOf(string[] row, string? text) =>
        new(row[0], new FileFact(FileKind.File, row[1], row[2], row[4], Number(row[3]), text));

    private static KeyValuePair<string, FileFact> DirectoryOf(string[] row) => new(row[0], new FileFact(FileKind.Directory, row[1], row[2], "", 0));

    private static KeyValuePair<string, FileFact> LinkOf(string[] row) => new(row[0], new FileFact(FileKind.Link, "", "", row[1], 0));

    private static UnitFact UnitOf(string[] row) => new(row[1], row[2], row[3] == "yes", Number(row[4]));

    private static double Number(string text) => double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
