using System.Collections.Immutable;
using System.Security.Cryptography;
using RunnerBuild.Config;
using RunnerBuild.Desired;
using RunnerBuild.Verifying;

namespace RunnerBuild.Operating;

/// <summary>From a lock to a fleet that serves on its image: proved in spare slots first, then one host, then the others.</summary>
internal sealed class ImageRollout(Site site)
{
    /// <summary>Builds the image where it is to be proved, proves it with jobs, and takes the spare slots away again, whatever came of it.</summary>
    public async Task<IReadOnlyList<Check>> ProveAsync(ImageLock wanted, Canary canary, CancellationToken cancel)
    {
        var hosts = await HostsAsync(cancel);
        var candidates = Candidate.Of(hosts, canary.Repository, () => $"runnerbuild-{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}");
        var sessions = site.Sessions.Where(session => candidates.Any(candidate => candidate.Host == session.Name)).ToImmutableArray();
        await BuildAsync(wanted, sessions, cancel);
        var proofs = await site.EachAsync(sessions, async session =>
        {
            var image = site.Image.ImageOf(wanted, (await session.FactsAsync(cancel)).Architecture);
            return await new CandidateProof(site, canary, image).RunAsync(session, [.. candidates.Where(candidate => candidate.Host == session.Name)], cancel);
        });
        return
        [
            .. proofs.SelectMany(checks => checks),
            .. Candidate.Unproved(hosts, canary.Repository).Select(what => new Check(null, what, Verdict.Unproved, $"no pool of it serves {canary.Repository}, so no job could prove the image there")),
        ];
    }

    /// <summary>Brings every host to the image. The first one serves with it before any other is touched, and goes back when it does not.</summary>
    /// <param name="promote">Called when the first host serves.</param>
    /// <returns>Hosts that something was changed on.</returns>
    public async Task<IReadOnlyList<string>> RollAsync(ImageLock wanted, Action promote, CancellationToken cancel)
    {
        site.Image.Candidate = wanted;
        await site.EachLeftAsync(session => Convergence.RunAsync(site.Image, session, dryRun: false, site.Report, cancel));
        var plans = await site.EachLeftAsync(async session => (Session: session, Changes: await site.Runners.PlanAsync(session, cancel)));
        ImmutableArray<HostSession> changing = [.. plans.Where(plan => !plan.Changes.IsEmpty).Select(plan => plan.Session)];
        if (changing is [var first, .. var rest])
        {
            await FirstAsync(first, await ServingImage.OfAsync(first, cancel), cancel);
            promote();
            if (!rest.IsEmpty)
                await site.EachAsync(rest, session => Convergence.RunAsync(site.Runners, session, dryRun: false, site.Report, cancel));
        }
        else
            promote();
        return [.. changing.Select(session => session.Name)];
    }

    /// <summary>Takes an image off the hosts that was not good enough.</summary>
    public async Task DropAsync(ImageLock refused, CancellationToken cancel) => await site.EachAsync(async session =>
    {
        var image = site.Image.ImageOf(refused, (await session.FactsAsync(cancel)).Architecture).Reference;
        var machine = await session.MachineAsync(cancel);
        return (await machine.RunAsync("! docker image inspect \"$1\" >/dev/null 2>&1 || docker image rm \"$1\" >/dev/null", [image], null, cancel)).ExitCode;
    });

    private async Task BuildAsync(ImageLock wanted, ImmutableArray<HostSession> sessions, CancellationToken cancel)
    {
        site.Image.Candidate = wanted;
        try
        {
            await site.EachAsync(sessions, session => Convergence.RunAsync(site.Image, session, dryRun: false, site.Report, cancel));
        }
        finally
        {
            site.Image.Candidate = null;
        }
    }

    private async Task FirstAsync(HostSession first, string? before, CancellationToken cancel)
    {
        try
        {
            await Convergence.RunAsync(site.Runners, first, dryRun: false, site.Report, cancel);
        }
        catch (RunnerBuildException fault)
        {
            (site.Image.Candidate, first.Kept) = (null, before);
            first.Forget();
            site.Report.Bad(first.Name, $"{fault.What} Going back to the image before; no other host was touched.");
            await Convergence.RunAsync(site.Runners, first, dryRun: false, site.Report, cancel);
            throw;
        }
    }

    private async Task<IReadOnlyList<(Host Host, string Architecture)>> HostsAsync(CancellationToken cancel) =>
        await site.EachAsync(async session => (session.Host, (await session.FactsAsync(cancel)).Architecture));
}
