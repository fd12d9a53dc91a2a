using System.Text.Json.Serialization;

namespace Supervisor.Refresh;

/// <summary>Where the run that InstallNightly sets up on this host is told to begin, and says what it does.</summary>
internal sealed record RefreshPlaces
{
    /// <summary>Written by InstallNightly where this host is the machine that has the fleet file.</summary>
    public string Marker { get; init; } = "/etc/github-runners/nightly.json";

    /// <summary>Systemd starts the run when this file is there; it holds the runner whose job asks.</summary>
    public string Request { get; init; } = "/run/github-runners/refresh-request";
}

/// <summary>What InstallNightly writes down for the supervisor.</summary>
/// <param name="Unit">Name of the systemd unit that refreshes.</param>
/// <param name="Running">Folder that is there for as long as the unit runs.</param>
/// <param name="Reports">Folder with a report a night, named by its time.</param>
internal sealed record RefreshMarker(string Unit, string Running, string Reports);

/// <summary>What a job is told of the refresh.</summary>
/// <param name="State">`never`, `asked`, `running`, `good` or `bad`.</param>
/// <param name="Line">What it does now; null when it does nothing.</param>
/// <param name="Report">Name of the newest report; null: there is none.</param>
/// <param name="Text">That report as Markdown.</param>
internal sealed record RefreshState(string State, string? Line, string? Report, string? Text);

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(RefreshMarker))]
[JsonSerializable(typeof(RefreshState))]
internal sealed partial class RefreshJson : JsonSerializerContext;
