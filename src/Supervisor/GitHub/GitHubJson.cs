using System.Text.Json.Serialization;

namespace Supervisor.GitHub;

/// <summary>The parts of GitHub's REST API that this program reads and writes.</summary>
internal sealed record GenerateJit(string Name, long RunnerGroupId, IReadOnlyList<string> Labels, string WorkFolder);

internal sealed record GeneratedJit(GeneratedRunner Runner, string EncodedJitConfig);

internal sealed record GeneratedRunner(long Id, string Name);

/// <param name="Status"><c>online</c> or <c>offline</c>.</param>
internal sealed record RegisteredRunner(long Id, string Name, string Status, bool Busy);

internal sealed record RunnerPage(int TotalCount, IReadOnlyList<RegisteredRunner> Runners);

internal sealed record RunnerGroup(long Id, string Name, bool Default);

internal sealed record RunnerGroupPage(int TotalCount, IReadOnlyList<RunnerGroup> RunnerGroups);

/// <param name="Until">Null for the newest version.</param>
internal sealed record VersionLife([property: JsonPropertyName("runtime_deprecates_at")] DateTimeOffset? Until = null);

internal sealed record WorkflowJob(string? RunnerName, DateTimeOffset CreatedAt, DateTimeOffset? StartedAt);

internal sealed record WorkflowJobPage(int TotalCount, IReadOnlyList<WorkflowJob> Jobs);

/// <param name="Permissions">Such as <c>actions</c>: <c>read</c>.</param>
internal sealed record AppInstallation(long Id, IReadOnlyDictionary<string, string>? Permissions = null);

internal sealed record TokenRequest(IReadOnlyDictionary<string, string> Permissions);

internal sealed record InstallationToken(string Token, DateTimeOffset ExpiresAt);

internal sealed record ErrorAnswer(string? Message);

internal sealed record TokenHeader(string Alg, string Typ);

internal sealed record TokenClaims(long Iat, long Exp, string Iss);

internal sealed record CredentialContent(string? Token, AppContent? App);

internal sealed record AppContent(string Id, long? Installation, string Key);

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    RespectNullableAnnotations = true,
    RespectRequiredConstructorParameters = true)]
[JsonSerializable(typeof(GenerateJit))]
[JsonSerializable(typeof(GeneratedJit))]
[JsonSerializable(typeof(RunnerPage))]
[JsonSerializable(typeof(RunnerGroupPage))]
[JsonSerializable(typeof(VersionLife))]
[JsonSerializable(typeof(WorkflowJobPage))]
[JsonSerializable(typeof(AppInstallation))]
[JsonSerializable(typeof(InstallationToken))]
[JsonSerializable(typeof(TokenRequest))]
[JsonSerializable(typeof(ErrorAnswer))]
[JsonSerializable(typeof(TokenHeader))]
[JsonSerializable(typeof(TokenClaims))]
internal sealed partial class GitHubJson : JsonSerializerContext;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, RespectNullableAnnotations = true)]
[JsonSerializable(typeof(CredentialContent))]
internal sealed partial class CredentialJson : JsonSerializerContext;
