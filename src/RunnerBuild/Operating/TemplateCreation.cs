using RunnerBuild.Applying;
using RunnerBuild.Desired;
using RunnerBuild.Facts;
using RunnerBuild.Planning;

namespace RunnerBuild.Operating;

/// <summary>CreateTemplate: on each cluster that describes one, the template that its hosts can be cloned from. Observe, plan, show, apply, observe again.</summary>
internal static class TemplateCreation
{
    private const int Rounds = 3;

    /// <returns>How many changes were made, or would be in a dry run.</returns>
    public static async Task<int> RunAsync(Site site, CancellationToken cancel)
    {
        var wanted = site.Fleet.AllClusters.Where(cluster => cluster.Endpoint.Template is not null).ToList();
        if (wanted.Count == 0)
            throw new ConfigurationException(
                "The fleet describes no template.", "None of its clusters has a `templateImage`.", "Add one to `proxmox:`; build/fleets/homelab.example.yml shows how.");
        var made = 0;
        foreach (var (name, endpoint) in wanted)
            made += await OnClusterAsync(site, name, new TemplateImage(endpoint.Template!), cancel);
        return made;
    }

    private static async Task<int> OnClusterAsync(Site site, string? name, TemplateImage want, CancellationToken cancel)
    {
        var (where, client) = (name ?? "proxmox", await site.Clusters.ClientAsync(name, cancel));
        using var machines = new VirtualMachines(client);
        for (var (round, made) = (0, 0); ; round++)
        {
            var have = await TemplateImageFacts.OfAsync(client, machines.Observation, want, cancel);
            var changes = TemplateImagePlan.Diff(want, have);
            site.Report.Plan("CreateTemplate", where, changes);
            if (changes.FirstOrDefault(change => change.Refusal is not null) is { Refusal: { } refusal } refused)
                throw new RunnerBuildException($"{refused.Resource} was not made.", $"There is {refused.From}.", refusal);
            if (TemplateImagePlan.Note(want, have) is { } note)
                site.Report.Note(where, note);
            if (changes.Count == 0 || site.Options.DryRun)
                return made + changes.Count;
            if (round == Rounds)
                throw new RunnerBuildException($"{changes[0].Resource} was not made.", $"After {Rounds} rounds this is still missing: {changes[0].Field}.", "See the node's task history, and run CreateTemplate again.");
            foreach (var step in changes.SelectMany(change => change.Steps).OfType<VirtualMachineStep>())
                await machines.RunOrLookUpAsync(step, site.Report.ProgressOf(where), cancel);
            made += changes.Count;
        }
    }
}
