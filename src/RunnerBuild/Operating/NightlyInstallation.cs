using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text.Json;
using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;
using RunnerBuild.Remote;
using RunnerBuild.Terminal;

namespace RunnerBuild.Operating;

/// <summary>InstallNightly and RemoveNightly: observe this machine, plan, show, apply, observe again.</summary>
/// <param name="fleet">Path of the fleet file.</param>
internal sealed class NightlyInstallation(string fleet, bool dryRun, Report report)
{
    private const int Rounds = 2;
    private const string Here = "this machine";

    private readonly NightlyUnits _units = new(Path.GetFullPath(fleet));
    private readonly string _nonce = Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(16));

    /// <returns>How many changes were made, or would be in a dry run.</returns>
    public async Task<int> InstallAsync(Fleet checkedFleet, NightlySurroundings around, CancellationToken cancel)
    {
        var nightly = checkedFleet.Nightly ?? throw new ConfigurationException(
            "The fleet says nothing of nights.", "It has no `nightly:` section.", "Add one, such as `nightly: { at: \"03:30\", issues: owner/name }`; build/fleets/homelab.example.yml shows every key.");
        ImageCanary.Require(checkedFleet, withoutCanary: false, "InstallNightly");
        var machine = LocalMachine.WithSystemd(changes: !dryRun);
        var facts = await FactsAsync(machine, cancel);
        await NightlySecrets.RequireAsync(checkedFleet, _units, facts, report, cancel);
        if (nightly.Issues is null)
            report.Note(Here, "`nightly.issues` names no repository, so nobody is told when a night is not good: look with `systemctl status` or in the reports");
        var here = HostHere(checkedFleet, facts);
        foreach (var other in checkedFleet.Hosts.Where(host => host != here && host.Pools.Any(pool => pool.RefreshDoor)))
            report.Note(Here, $"jobs of {other.Name} cannot ask for a refresh (refreshDoor): the nightly run is on this machine and not there, and its timer refreshes {other.Name} too");
        var wanted = _units.Of(nightly, around with { Door = here?.Pools.Any(pool => pool.RefreshDoor) == true });
        return await ConvergeAsync("InstallNightly", machine, now => NightlyPlan.Diff(_units, wanted, now, _nonce), cancel);
    }

    /// <summary>The host of the fleet that this machine is; null: none.</summary>
    private static Host? HostHere(Fleet fleet, HostFacts facts)
    {
        if (facts.Files.GetValueOrDefault(HostPaths.Configuration)?.Text is not { } text)
            return null;
        using var settings = JsonDocument.Parse(text);
        return fleet.Hosts.FirstOrDefault(host => settings.RootElement.TryGetProperty("host", out var name) && name.GetString() == host.Name);
    }

    public async Task<int> RemoveAsync(CancellationToken cancel)
    {
        var machine = LocalMachine.WithSystemd(changes: !dryRun);
        var changes = await ConvergeAsync("RemoveNightly", machine, facts => [.. NightlyPlan.Removal(_units, facts)], cancel);
        if ((await FactsAsync(machine, cancel)).Files.ContainsKey(_units.Secrets))
            report.Note(Here, $"{_units.Secrets} stays: you wrote it, and it may hold the only copy of a secret");
        return changes;
    }

    private async Task<int> ConvergeAsync(string target, LocalMachine machine, Func<HostFacts, ImmutableArray<Change>> plan, CancellationToken cancel)
    {
        for (var (round, made) = (0, 0); ; round++)
        {
            var changes = plan(await FactsAsync(machine, cancel));
            report.Plan(target, Here, changes);
            if (changes.FirstOrDefault(change => change.Refusal is not null) is { Refusal: { } refusal } refused)
                throw new RunnerBuildException($"{target} changes nothing.", $"{refused.Resource} {refused.Field}: {refused.From}", refusal);
            if (changes.IsEmpty || dryRun)
                return made + changes.Length;
            if (round == Rounds)
                throw new RunnerBuildException(
                    $"{target} did not reach what is wanted.", string.Join('\n', changes.Select(change => $"{change.Resource} {change.Field} is {change.From}")), "Something else seems to change it back; see what else manages this machine.");
            await HostApplier.ApplyAsync(Here, machine, changes, report, cancel);
            made += changes.Length;
        }
    }

    private Task<HostFacts> FactsAsync(LocalMachine machine, CancellationToken cancel) => HostFactsReader.ReadAsync(
        machine, new Questions(_units.Files.ToHashSet(), new HashSet<string> { _units.Service, _units.Timer, _units.Door }, new HashSet<string>(), new HashSet<string>()) { Texts = _units.Texts.ToHashSet() }, _nonce, cancel);
}
