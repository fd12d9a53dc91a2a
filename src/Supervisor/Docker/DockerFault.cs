using System.Net;

namespace Supervisor.Docker;

/// <summary>Docker Engine refused a request (<paramref name="status"/>) or could not be reached (null); the message is the engine's own.</summary>
internal sealed class DockerFault(HttpStatusCode? status, string message, Exception? inner = null) : Exception(message, inner)
{
    public HttpStatusCode? Status => status;
}
