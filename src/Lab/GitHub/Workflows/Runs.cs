using Lab.GitHub.RunnerService;
using Lab.GitHub.State;

namespace Lab.GitHub.Workflows;

/// <summary>Starts and cancels runs.</summary>
internal sealed class Runs(GitHubState state, JobQueue queue, TimeProvider time)
{
    /// <summary>A run of a workflow file, with all its jobs queued or waiting.</summary>
    public WorkflowRun Start(WorkflowFile file, string repository, string path, string branch, string actor, Dictionary<string, string> inputs) =>
        state.Change(document =>
        {
            var id = document.NextId();
            var known = inputs.ToDictionary(input => $"inputs.{input.Key}", input => input.Value);
            var run = new WorkflowRun
            {
                Id = id,
                WorkflowId = WorkflowFolder.Number(repository, path),
                Name = file.Name,
                Title = WorkflowExpression.Fill(file.RunName ?? file.Name, known),
                Path = path,
                Repository = repository,
                Event = "workflow_dispatch",
                Branch = branch,
                Number = document.Runs.Count(r => r.Path == path && r.Repository == repository) + 1,
                Actor = actor,
                Inputs = inputs,
                Created = time.GetUtcNow(),
                Updated = time.GetUtcNow(),
            };
            document.Runs.Add(run);
            document.Jobs.AddRange(file.Jobs.Select(job => Job(document.NextId(), run, job, known)));
            foreach (var first in document.JobsOf(run.Id).Where(job => job.Needs.Count == 0))
                queue.Admit(document, first);
            return run;
        });

    /// <summary>A run of one job with one script.</summary>
    public WorkflowJob Queue(string name, string script, List<string> labels, string repository)
    {
        var step = new JobStep($"Run {script.Split('\n')[0]}", script, null, "success()", null, null, []);
        var file = new WorkflowFile(name, null, [], [new(name, name, labels, [], [], null, [step])]);
        var run = Start(file, repository, "dynamic/lab/job", "main", "lab-admin", []);
        return state.Look(document => document.JobsOf(run.Id)[0]);
    }

    /// <summary>Ends what no runner has begun and tells the runners of the rest; false when the run is over.</summary>
    public bool Cancel(WorkflowRun run) => state.Change<object>(document =>
    {
        var open = document.JobsOf(run.Id).Where(job => !job.Done).ToList();
        foreach (var job in open.Where(job => !job.Done))
        {
            job.CancelWanted = true;
            if (job.InProgress)
                continue;

            job.BackToQueue();
            job.Conclusion = JobStatus.Cancelled;
            queue.Finish(document, job);
        }
        return open.Count > 0 ? true : null!;
    }) is not null;

    private WorkflowJob Job(long id, WorkflowRun run, WorkflowFileJob job, Dictionary<string, string> known) => new()
    {
        Id = id,
        RunId = run.Id,
        Key = job.Key,
        Name = WorkflowExpression.Fill(job.Name, known),
        Repository = run.Repository,
        Labels = [.. job.RunsOn.Select(label => WorkflowExpression.Fill(label, known))],
        Steps = job.Steps,
        Needs = job.Needs,
        Environment = job.Environment,
        TimeoutMinutes = job.TimeoutMinutes,
        Condition = WorkflowExpression.Settle(job.Condition, known),
        Container = job.Container,
        Services = job.Services,
        Status = job.Needs.Count > 0 ? JobStatus.Waiting : JobStatus.Queued,
        Created = time.GetUtcNow(),
    };
}
