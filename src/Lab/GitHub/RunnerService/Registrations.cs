using System.Security.Cryptography;
using System.Text.Json;
using Lab.GitHub.State;

namespace Lab.GitHub.RunnerService;

/// <summary>Makes registrations, and the just-in-time configurations that hold their private keys.</summary>
internal sealed class Registrations(GitHubOptions options, GitHubState state, TimeProvider time)
{
    /// <summary>A registration for one job, and the text for `--jitconfig`; null when the name is taken in its scope.</summary>
    public (Registration Runner, string Configuration)? MintJit(RunnerScope scope, string name, int group, IEnumerable<string> labels, string workFolder)
    {
        using var key = RSA.Create(2048);
        var secret = key.ExportParameters(includePrivateParameters: true);
        var runner = state.Change(document => Add(document, scope, name, group, labels, secret));
        return runner is null ? null : (runner, Blob(runner, workFolder, secret));
    }

    private Registration? Add(
        StateDocument document, RunnerScope scope, string name, int group, IEnumerable<string> labels, RSAParameters key)
    {
        if (document.Registrations.Exists(r => r.Scope == scope.ToString() && r.Name.Equals(name, StringComparison.OrdinalIgnoreCase)))
            return null;

        var runner = new Registration
        {
            Id = document.NextId(),
            Name = name,
            Scope = scope.ToString(),
            GroupId = group,
            ClientId = Guid.NewGuid().ToString(),
            Modulus = Convert.ToBase64String(key.Modulus!),
            Exponent = Convert.ToBase64String(key.Exponent!),
            Labels = [.. labels.Select(label => label.ToLowerInvariant()).Distinct()],
            Ephemeral = true,
            Created = time.GetUtcNow(),
            Seen = time.GetUtcNow(),
        };
        document.Registrations.Add(runner);
        return runner;
    }

    private string Blob(Registration runner, string workFolder, RSAParameters key) => Base64(new Dictionary<string, string>
    {
        [".runner"] = Base64(new Dictionary<string, string>
        {
            ["AgentId"] = $"{runner.Id}",
            ["AgentName"] = runner.Name,
            ["PoolId"] = $"{runner.GroupId}",
            ["PoolName"] = "Default",
            ["WorkFolder"] = workFolder,
            ["Ephemeral"] = "True",
            ["DisableUpdate"] = "True",
            ["ServerUrl"] = $"{options.PublicUrl}/broker/",
            ["ServerUrlV2"] = $"{options.PublicUrl}/broker/",
            ["UseV2Flow"] = "True",
        }),
        [".credentials"] = Base64(new
        {
            Scheme = "OAuth",
            Data = new { clientId = runner.ClientId, authorizationUrl = $"{options.PublicUrl}/oauth/token", requireFipsCryptography = "True" },
        }),
        [".credentials_rsaparams"] = Base64(new
        {
            d = key.D, dp = key.DP, dq = key.DQ, exponent = key.Exponent, inverseQ = key.InverseQ, modulus = key.Modulus, p = key.P, q = key.Q,
        }),
    });

    private static string Base64<T>(T value) => Convert.ToBase64String(JsonSerializer.SerializeToUtf8Bytes(value));
}
