using Lab.GitHub.State;

namespace Lab.GitHub.Rest;

/// <summary>Labels of runners. Those of the system stay, whatever is asked.</summary>
internal sealed class RunnerLabelEndpoints(Accounts accounts, GitHubState state)
{
    public void Map(RestRoutes routes)
    {
        foreach (var scope in Accounts.Scopes)
        {
            var labels = $"{scope}/actions/runners/{{id:long}}/labels";
            routes.Get(labels, call => Answer(accounts.Runner(call, state, write: false)));
            routes.Put(labels, call => Relabel(call, keep: false));
            routes.Post(labels, call => Relabel(call, keep: true));
            routes.Delete(labels, RemoveAll);
            routes.Delete($"{labels}/{{name}}", Remove);
        }
    }

    private IResult Relabel(RestCall call, bool keep)
    {
        var runner = accounts.Runner(call, state, write: true);
        var objection = call.Field("labels") is { } given ? JitConfigEndpoint.LabelObjection(given, least: keep ? 1 : 0) : "\"labels\" wasn't supplied.";
        if (objection is not null)
            throw RestRefusal.Unprocessable($"Invalid request.\n\n{objection}", Documentation(runner, "set-custom-labels-for-a-self-hosted-runner"));

        var wanted = call.Field("labels")!.Value.EnumerateArray().Select(label => label.GetString()!.ToLowerInvariant());
        state.Change(_ => runner.Labels = [.. (keep ? runner.Labels : runner.SystemLabels).Concat(wanted).Distinct()]);
        return Answer(runner);
    }

    private IResult RemoveAll(RestCall call)
    {
        var runner = accounts.Runner(call, state, write: true);
        state.Change(_ => runner.Labels = [.. runner.SystemLabels]);
        return Answer(runner);
    }

    private IResult Remove(RestCall call)
    {
        var runner = accounts.Runner(call, state, write: true);
        var label = call.Route("name").ToLowerInvariant();
        if (runner.SystemLabels.Contains(label))
            throw RestRefusal.Unprocessable($"The label {label} is read-only.", Documentation(runner, "remove-a-custom-label-from-a-self-hosted-runner"));
        if (!runner.Labels.Contains(label))
            throw RestRefusal.NotFound(Documentation(runner, "remove-a-custom-label-from-a-self-hosted-runner"));

        state.Change(_ => runner.Labels = [.. runner.Labels.Where(one => one != label)]);
        return Answer(runner);
    }

    private static string Documentation(Registration runner, string call) => RunnerDocumentation.Of(RunnerScope.Parse(runner.Scope), call);

    private static IResult Answer(Registration runner) =>
        Results.Json(new { total_count = runner.Labels.Count, labels = RunnerBodies.Labels(runner) });
}
