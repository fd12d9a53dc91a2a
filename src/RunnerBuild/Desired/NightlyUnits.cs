using System.Collections.Immutable;
using System.Text.Json;
using System.Text.RegularExpressions;
using RunnerBuild.Config;
using RunnerBuild.Remote;

namespace RunnerBuild.Desired;

/// <summary>What InstallNightly brings about on this machine: a timer, what it starts, and a folder for the reports.</summary>
/// <param name="Fleet">Absolute path of the fleet file.</param>
internal sealed partial record NightlyUnits(string Fleet)
{
    private const string State = "/var/lib/github-runners-nightly";
    private const string Units = "/etc/systemd/system";
    private const string Request = "/run/github-runners/refresh-request";

    /// <summary>Tells the supervisor of this host that the nightly run is here.</summary>
    public const string Marker = $"{HostPaths.Settings}/nightly.json";

    /// <summary>In the folder that is there while the run is: the runner whose job asked for it, and what it does now.</summary>
    public const string AskedBy = "asked-by", Progress = "progress";

    /// <summary>Of the fleet, as part of the units' names.</summary>
    public string Name { get; } = NotInNames().Replace(Path.GetFileNameWithoutExtension(Fleet), "-");

    public string Service => $"github-runners-nightly-{Name}.service";
    public string Timer => $"github-runners-nightly-{Name}.timer";
    public string ServiceFile => $"{Units}/{Service}";
    public string TimerFile => $"{Units}/{Timer}";
    public string Door => $"github-runners-nightly-{Name}.path";
    public string DoorFile => $"{Units}/{Door}";
    public string Reports => $"{State}/{Name}";

    /// <summary>What the fleet reads from the environment; a person writes it, and root alone may read it.</summary>
    public string Secrets => $"/etc/github-runners-nightly-{Name}.env";

    /// <summary>The line by which a unit is known as this fleet's.</summary>
    public string Mark => $"# Made by InstallNightly for {Fleet}\n";

    public IEnumerable<string> Files => [State, Reports, ServiceFile, TimerFile, DoorFile, Marker, HostPaths.Configuration, Secrets];

    public IEnumerable<string> Texts => [ServiceFile, TimerFile, DoorFile, Marker, HostPaths.Configuration];

    public ImmutableArray<HostResource> Of(Nightly nightly, NightlySurroundings around) =>
    [
        new HostDirectory(State, "0700"),
        new HostDirectory(Reports, "0700"),
        new HostFile(ServiceFile, new FileContent.Plain(ServiceText(around))),
        new HostFile(TimerFile, new FileContent.Plain(TimerText(nightly))),
        new Unit(Service, [], Active: false, Enabled: false),
        new Unit(Timer, [TimerFile]),
        .. around.Door ? DoorParts() : [],
    ];

    /// <summary>On a machine that is a runner host of the fleet too: jobs of pools that may ask can have the run begin.</summary>
    private IEnumerable<HostResource> DoorParts() =>
    [
        new HostFile(DoorFile, new FileContent.Plain(Filled(EmbeddedText.Read("nightly.path"), []))),
        new Unit(Door, [DoorFile]),
        new HostFile(Marker, new FileContent.Plain(JsonSerializer.Serialize(new { unit = Service, running = Running, reports = Reports }) + "\n")),
    ];

    private string Running => $"/run/github-runners-nightly/{Name}";

    private string ServiceText(NightlySurroundings around) => Filled(EmbeddedText.Read("nightly.service"), new()
    {
        ["FOLDER"] = Specifiers(around.Repository),
        ["HOME"] = Quotable(around.Home),
        ["PATH"] = Quotable($"{around.Sdk}:/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"),
        ["SECRETS"] = around.Variables.IsEmpty ? "" : $"# Holds {string.Join(", ", around.Variables)}.\nEnvironmentFile={Secrets}\n",
        ["DOOR"] = around.Door ? $"ExecStartPre=/bin/sh -c '[ ! -e {Request} ] || mv -f {Request} {Running}/{AskedBy}'\n" : "",
        ["COMMAND"] = string.Join(' ', new[] { $"{around.Repository}/build.sh", "Nightly", "--fleet", Fleet, "--reports", Reports }.Select(Word)),
    });

    private string TimerText(Nightly nightly) => Filled(EmbeddedText.Read("nightly.timer"), new() { ["AT"] = nightly.At, ["SPREAD"] = $"{nightly.SpreadMinutes}" });

    private string Filled(string template, Dictionary<string, string> values)
    {
        foreach (var (name, value) in values)
            template = template.Replace($"@{name}@", value, StringComparison.Ordinal);
        return template.Replace("@NAME@", Name, StringComparison.Ordinal).Replace("# Made by InstallNightly for @FLEET@\n", Mark, StringComparison.Ordinal);
    }

    /// <summary>A word of ExecStart, which expands variables too.</summary>
    private static string Word(string text) => $"\"{Quotable(text).Replace("$", "$$", StringComparison.Ordinal)}\"";

    private static string Quotable(string text) => Specifiers(text.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal));

    private static string Specifiers(string text) => text.Replace("%", "%%", StringComparison.Ordinal);

    [GeneratedRegex("[^A-Za-z0-9_-]")]
    private static partial Regex NotInNames();
}

/// <summary>What the run at night needs to be told, since it has nobody's shell around it.</summary>
/// <param name="Repository">Folder of this project.</param>
/// <param name="Home">What `~` means in the fleet file.</param>
/// <param name="Sdk">Folder of the SDK that compiles the project when it has changed.</param>
/// <param name="Variables">Names of environment variables that the fleet reads secrets from.</param>
/// <param name="Door">Jobs of this machine may have the run begin.</param>
internal sealed record NightlySurroundings(string Repository, string Home, string Sdk, ImmutableArray<string> Variables, bool Door = false);
