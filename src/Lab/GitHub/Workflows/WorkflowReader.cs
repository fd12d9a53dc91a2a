using System.Globalization;
using Lab.GitHub.State;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Lab.GitHub.Workflows;

/// <summary>Reads a workflow. What it does not know it refuses by name, so that nothing is silently left out.</summary>
internal static class WorkflowReader
{
    public static WorkflowFile Read(string path, string text)
    {
        var root = new YamlMap("", Parse(text) as YamlMappingNode ?? throw new WorkflowProblem($"{path} should be a mapping"));
        root.Only("name", "run-name", "on", "env", "jobs", "permissions");
        var environment = root.Texts("env");
        var jobs = root.Map("jobs") ?? throw new WorkflowProblem("jobs: is missing");
        List<WorkflowFileJob> read = [.. jobs.Keys.Select(key => Job(key, jobs.Map(key) ?? throw new WorkflowProblem($"jobs.{key}: is empty"), environment))];
        foreach (var (job, need) in read.SelectMany(job => job.Needs.Select(need => (job, need))))
            if (!read.Exists(other => other.Key == need))
                throw new WorkflowProblem($"jobs.{job.Key}.needs: there is no job {need}");
        return new(root.Text("name") ?? path, root.Text("run-name"), Inputs(root), InOrder(read));
    }

    private static YamlNode? Parse(string text)
    {
        try
        {
            var yaml = new YamlStream();
            yaml.Load(new StringReader(text));
            return yaml.Documents.Count == 0 ? null : yaml.Documents[0].RootNode;
        }
        catch (YamlException wrong)
        {
            throw new WorkflowProblem($"line {wrong.Start.Line}: {wrong.Message}");
        }
    }

    private static Dictionary<string, WorkflowInput> Inputs(YamlMap root)
    {
        var events = root.List("on");
        if (root.Map("on") is { } map)
        {
            map.Only("workflow_dispatch");
            events = map.Keys;
        }
        if (!events.Contains("workflow_dispatch"))
            throw new WorkflowProblem("Workflow does not have 'workflow_dispatch' trigger");

        var inputs = root.Map("on")?.Map("workflow_dispatch")?.Map("inputs");
        return inputs?.Keys.ToDictionary(key => key, key => Input(inputs.Map(key))) ?? [];
    }

    private static WorkflowInput Input(YamlMap? input)
    {
        input?.Only("description", "required", "default", "type");
        return new(input?.Text("required") == "true", input?.Text("default") ?? "");
    }

    private static WorkflowFileJob Job(string key, YamlMap job, Dictionary<string, string> environment)
    {
        job.Only("runs-on", "name", "if", "env", "timeout-minutes", "needs", "container", "services", "steps", "permissions");
        var runsOn = job.List("runs-on");
        if (runsOn.Count == 0)
            throw new WorkflowProblem($"jobs.{key}.runs-on: should be a label or a list of labels");

        var all = new Dictionary<string, string>(environment);
        foreach (var (name, value) in job.Texts("env"))
            all[name] = value;
        List<JobStep> steps = [.. job.Maps("steps").Select(Step)];
        return steps.Count == 0
            ? throw new WorkflowProblem($"jobs.{key}.steps: should hold a step")
            : new(key, job.Text("name") ?? key, runsOn, job.List("needs"), all, Minutes(job), steps)
            {
                Condition = JobCondition(job),
                Container = ContainerReader.Container(job),
                Services = ContainerReader.Services(job),
            };
    }

    private static JobStep Step(YamlMap step)
    {
        step.Only("name", "id", "run", "env", "shell", "working-directory", "if");
        var script = step.Text("run") ?? throw new WorkflowProblem($"{step.Path}.run: is missing");
        return new(
            step.Text("name") ?? $"Run {script.Split('\n')[0]}",
            script,
            step.Text("id"),
            Condition(step),
            step.Text("shell"),
            step.Text("working-directory"),
            step.Texts("env"));
    }

    private static string Condition(YamlMap step)
    {
        var condition = WorkflowExpression.Condition(step.Text("if") ?? "success()");
        return WorkflowExpression.Unknown(condition) is { } unknown
            ? throw new WorkflowProblem($"{step.Path}.if: the lab does not know {unknown} in expressions ({condition})")
            : condition;
    }

    /// <summary>Of a whole job the double decides itself, before any runner has it.</summary>
    private static string JobCondition(YamlMap job)
    {
        var text = WorkflowExpression.Condition(job.Text("if") ?? "success()");
        return text is "success()" or "failure()" or "always()" or "cancelled()" || WorkflowExpression.ComparesInput(text)
            ? text
            : throw new WorkflowProblem($"{job.Path}.if: for a job the lab knows success(), failure(), always(), cancelled() and an input compared with a text, not {job.Text("if")}");
    }

    private static double? Minutes(YamlMap job)
    {
        if (job.Text("timeout-minutes") is not { } text)
            return null;

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var minutes) && minutes > 0
            ? minutes
            : throw new WorkflowProblem($"{job.Path}.timeout-minutes: should be a number above 0, is {text}");
    }

    /// <summary>Each job after those that it needs.</summary>
    private static List<WorkflowFileJob> InOrder(List<WorkflowFileJob> jobs)
    {
        List<WorkflowFileJob> ordered = [];
        while (ordered.Count < jobs.Count)
        {
            var ready = jobs.Except(ordered).Where(job => job.Needs.TrueForAll(need => ordered.Exists(done => done.Key == need))).ToList();
            if (ready.Count == 0)
                throw new WorkflowProblem($"jobs: {string.Join(", ", jobs.Except(ordered).Select(job => job.Key))} need each other");
            ordered.AddRange(ready);
        }
        return ordered;
    }
}
