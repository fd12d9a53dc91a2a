using System.Collections.Immutable;

namespace Lab.Proxmox.Wire;

/// <summary>An answer that is not 200: the message goes into the status line and, in newer releases, into the body.</summary>
/// <param name="errors">Parameter to text; only with status 400.</param>
internal sealed class ApiException(int status, string message, ImmutableSortedDictionary<string, string>? errors = null)
    : Exception(message)
{
    public int Status => status;

    public ImmutableSortedDictionary<string, string>? Errors => errors;

    /// <summary>True for answers of the HTTP layer itself, which have no body.</summary>
    public bool IsEmpty { get; init; }

    public static ApiException Internal(string message) => new(500, message);

    public static ApiException Forbidden(string message) => new(403, message);

    public static ApiException Unauthorized(string message) => new(401, message) { IsEmpty = true };

    public static ApiException NotImplemented(string message) => new(501, message) { IsEmpty = true };

    public static ApiException Parameter(string name, string text) => Parameters([new(name, text)]);

    public static ApiException Parameters(IEnumerable<KeyValuePair<string, string>> errors) =>
        new(400, "Parameter verification failed.", errors.ToImmutableSortedDictionary(StringComparer.Ordinal));
}
