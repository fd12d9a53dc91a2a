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
        var runner = Register(new(scope, name, group, [.. labels.Select(label => new RunnerLabel(label, OfSystem: false))], secret) { Ephemeral = true });
        return runner is null ? null : (runner, Blob(runner, workFolder, secret));
    }

    /// <summary>A registration whose private key the runner keeps; null when the name is taken in its scope.</summary>
    public Registration? Register(NewRunner order) => state.Change(document =>
    {
        var taken = document.Registrations.Find(r => r.Scope == order.Scope.ToString() && r.Name.Equals(order.Name, StringComparison.OrdinalIgnoreCase));
        if (taken is not null && (taken.Id != order.Replaces || document.Busy(taken)))
            return null;

        if (taken is not null)
            document.Registrations.Remove(taken);
        var runner = new Registration
        {
            Id = taken?.Id ?? document.NextId(),
            Name = order.Name,
            Scope = order.Scope.ToString(),
            GroupId = order.Group,
            ClientId = Guid.NewGuid().ToString(),
            Modulus = Convert.ToBase64String(order.Key.Modulus!),
            Exponent = Convert.ToBase64String(order.Key.Exponent!),
            Labels = [.. order.Labels.Select(label => label.Name.ToLowerInvariant()).Distinct()],
            SystemLabels = [.. order.Labels.Where(label => label.OfSystem).Select(label => label.Name.ToLowerInvariant()).Distinct()],
            Ephemeral = order.Ephemeral,
            Version = order.Version,
            Created = time.GetUtcNow(),
            Seen = time.GetUtcNow(),
        };
        document.Registrations.Add(runner);
        return runner;
    });

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

/// <summary>What a registration is made of.</summary>
internal sealed record NewRunner(RunnerScope Scope, string Name, int Group, List<RunnerLabel> Labels, RSAParameters Key)
{
    public bool Ephemeral { get; init; }

    /// <summary>The runner of the same name that goes, and hands on its number.</summary>
    public long? Replaces { get; init; }

    public string Version { get; init; } = "";
}

/// <param name="OfSystem">The runner's own, such as `linux`: REST calls cannot take it away.</param>
internal sealed record RunnerLabel(string Name, bool OfSystem);
