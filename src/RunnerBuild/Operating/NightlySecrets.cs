using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Remote;
using RunnerBuild.Remote.GitHub;
using RunnerBuild.Terminal;

namespace RunnerBuild.Operating;

/// <summary>Whether the run at night will find the fleet's secrets, which it has nobody's environment for.</summary>
internal static class NightlySecrets
{
    /// <summary>Names of environment variables that the fleet reads secrets from.</summary>
    public static IEnumerable<string> VariablesOf(Fleet fleet) =>
        SecretReferences.In(fleet).OfType<SecretReference.FromEnvironment>().Select(reference => reference.Variable).Distinct().Order(StringComparer.Ordinal);

    /// <summary>Errors: <see cref="RunnerBuildException"/> when one of them would not be there, before anything is changed.</summary>
    public static async Task RequireAsync(Fleet fleet, NightlyUnits units, HostFacts facts, Report report, CancellationToken cancel)
    {
        var there = RequireVariables([.. VariablesOf(fleet)], units, facts);
        var secrets = new SecretStore(there);
        foreach (var file in SecretReferences.In(fleet).OfType<SecretReference.FromFile>())
            await secrets.FetchAsync(file, cancel);
        foreach (var command in SecretReferences.In(fleet).OfType<SecretReference.FromCommand>())
            report.Note("this machine", $"`{command.Line}` will be run by root, at night, without anybody's session: see that it prints the secret with `sudo env -i HOME=\"$HOME\" PATH=\"$PATH\" sh -c '{command.Line}'`");
        if (fleet.Nightly?.Issues is { } scope)
            await new FailureIssue(new GitHubApi(new Uri(scope.Api), await new GitHubAccess(secrets).TokenAsync(scope, cancel, TokenUse.Issues)), scope, "").LookAsync(cancel);
    }

    private static IReadOnlyDictionary<string, string> RequireVariables(IReadOnlyList<string> names, NightlyUnits units, HostFacts facts)
    {
        if (names.Count == 0)
            return new Dictionary<string, string>();
        if (facts.Files.GetValueOrDefault(units.Secrets) is { } file && (file.Owner != "root:root" || Convert.ToInt32(file.Mode, 8) % 64 != 0))
            throw new RunnerBuildException($"{units.Secrets} can be read by others than root.", $"It is {file.Owner} {file.Mode}.", $"sudo chown root:root {units.Secrets} && sudo chmod 600 {units.Secrets}");
        var there = EnvironmentFile.Read(units.Secrets);
        var missing = names.Where(name => !there.ContainsKey(name)).ToList();
        return missing.Count == 0 ? there : throw new RunnerBuildException(
            $"A timer has no {string.Join(" and no ", missing)}.", $"The fleet reads secrets from environment variables, which are your shell's; {units.Secrets}, which would give them to the timer, lacks {string.Join(", ", missing)}.",
            $"Write them there, for root alone, and run InstallNightly again:\nsudo install -m 600 /dev/null {units.Secrets} && sudoedit {units.Secrets}    # a line each: {missing[0]}=…\nOr have the fleet name a file that root alone can read (`file: PATH`) instead of `env: {missing[0]}`.");
    }
}
