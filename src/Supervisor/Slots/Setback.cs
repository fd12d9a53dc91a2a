using System.Net.Sockets;
using Supervisor.Configuration;
using Supervisor.Docker;
using Supervisor.GitHub;

namespace Supervisor.Slots;

internal enum SetbackKind { Denied, Refused, RateLimited, Unavailable, EngineDown, EngineRefused, NotOnHost, HostFiles, RunnerFailed, RunnerOutworn }

/// <summary>Why a slot could not go on, in one sentence for people.</summary>
internal sealed record Setback(SetbackKind Kind, string Reason, TimeSpan? RetryAfter = null)
{
    /// <summary>Whether every slot of the same scope would meet it too.</summary>
    public bool IsOfScope => Kind is SetbackKind.Denied or SetbackKind.RateLimited or SetbackKind.Unavailable;

    /// <returns>Null when the exception is a mistake in this program.</returns>
    public static Setback? Of(Exception fault) => fault switch
    {
        GitHubFault github => new Setback(KindOf(github.Kind), github.Message, github.RetryAfter),
        DockerFault { Status: null } docker => new Setback(SetbackKind.EngineDown, docker.Message),
        DockerFault docker => new Setback(SetbackKind.EngineRefused, $"Docker Engine refuses the container: {docker.Message}"),
        // Output that breaks off while it is read.
        HttpIOException or HttpRequestException or IOException { InnerException: SocketException } => new Setback(SetbackKind.EngineDown, $"Docker Engine broke off its answer ({fault.Message})."),
        IOException or UnauthorizedAccessException or SocketException => new Setback(SetbackKind.HostFiles, $"The service's own files of this host cannot be used: {fault.Message}"),
        SettingsProblem problem => new Setback(SetbackKind.NotOnHost, problem.Message),
        MissingImage missing => new Setback(SetbackKind.NotOnHost, missing.Message),
        _ => null,
    };

    private static SetbackKind KindOf(FaultKind kind) => kind switch
    {
        FaultKind.Denied => SetbackKind.Denied,
        FaultKind.RateLimited => SetbackKind.RateLimited,
        FaultKind.Unavailable => SetbackKind.Unavailable,
        _ => SetbackKind.Refused,
    };
}

/// <summary>The wanted image is not on this host.</summary>
internal sealed class MissingImage(string image) : Exception($"The image {image} is not on this host: run BuildCustomImage.");
