using Nuke.Common.Output;
using Nuke.Common.Parameters;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>One run of a build, from the command line to the exit code.</summary>
internal sealed class BuildRun(BuildDefinition definition, Request request, Session session)
{
    private NukeBuild? _build;
    private Exception? _failure;

    public static int Run(BuildDefinition definition, Invocation invocation)
    {
        using var session = Session.Start(invocation);
        try
        {
            if (invocation.Arguments is [[':', ..], ..])
                return Command.Run(definition, session);

            var request = session.Request = Request.Read(definition, invocation);
            session.Root = request.Root;
            session.Host = Hosts.Create(request.HostName, invocation.Environment);
            session.Verbosity = request.Verbosity;
            if (request.Problems.Count == 0 || request.Help)
                return new BuildRun(definition, request, session).Run();
            WriteProblems(request.Problems, session.Output);
        }
        catch (UsageException usage)
        {
            WriteProblems(usage.Problems, session.Output);
        }

        return ExitCodes.Usage;
    }

    private bool IsHelp => request.Help || (!request.Plan && request.GeneratedConfiguration is null && request.Targets.Count == 0 && definition.Defaults.Count == 0);

    private int Run()
    {
        try
        {
            var build = _build = Create();
            request.Inject(build);
            session.Hidden = [.. definition.Type.GetCustomAttributes(typeof(DisableDefaultOutputAttribute), true).Cast<DisableDefaultOutputAttribute>().SelectMany(x => x.DisabledOutputs)];
            var targets = TargetGraph.Of(build, definition.Defaults);
            var files = new RunFiles(definition, request, session);
            if (request.GeneratedConfiguration is { } id)
                return files.Generate(id, build, targets);
            if (!IsHelp && !request.Plan)
                files.Prepare(build, targets);

            build.OnBuildCreated();
            if (!build.NoLogo)
                Logo.Write(session.Output);
            if (IsHelp)
                Write(new HelpText(targets, request.Options, session.Invocation.Columns).Lines());
            else
                PlanAndExecute(build, targets);
        }
        catch (Exception exception)
        {
            Report(exception);
        }

        Finish();
        return ExitCode();
    }

    private NukeBuild Create()
    {
        var build = definition.Create();
        build.NoLogo = request.NoLogo;
        build.Help = request.Help;
        build.Plan = request.Plan;
        build.Continue = request.Continue;
        build.Partition = request.Partition;
        return build;
    }

    private void PlanAndExecute(NukeBuild build, IReadOnlyList<ExecutableTarget> targets)
    {
        var plan = Plan(targets);
        if (request.Plan)
        {
            Write(PlanText.Lines(plan, isWhole: request.Targets.Count == 0 && definition.Defaults.Count == 0));
            return;
        }

        build.ExecutionPlan = plan;
        Requirements.CheckTools(plan);
        ValueInjection.Injection.Inject(build);
        build.OnBuildInitialized();
        foreach (var target in plan)
            Skipping.ByCondition(build, target, target.Definition.StaticConditions);
        new Requirements(build, request.Options, session.Invocation).Check();

        using var interruption = session.Interruption = new Interruption(session.Invocation.Grace);
        var attempt = new Attempt(session.Root! / ".nuke" / "temp", request.Essence, request.Continue);
        var executor = new TargetExecutor(build, session.Output, interruption, attempt, request.Parallel);
        try
        {
            executor.Run();
        }
        finally
        {
            _failure = executor.FirstFailure;
        }
    }

    private IReadOnlyList<ExecutableTarget> Plan(IReadOnlyList<ExecutableTarget> targets)
    {
        foreach (var target in targets)
            target.Invoked = request.Targets.Contains(target.Name);

        var wanted = targets.Where(x => request.Targets.Count > 0 ? x.Invoked : x.IsDefault || definition.Defaults.Count == 0).ToList();
        var plan = ExecutionPlanner.Plan(targets, wanted, request.Strict);
        foreach (var target in plan)
            target.Status = ExecutionStatus.Scheduled;
        if (request.Skips != null)
            Skipping.ByName(plan, request.Skips);
        return plan;
    }

    private void Report(Exception exception)
    {
        var cause = Failure.Unwrap(exception);
        _failure ??= cause is ReportedException reported ? reported.Cause : cause;
        if (cause is ReportedException)
            return;

        if (cause is UsageException usage)
            usage.Problems.ToList().ForEach(session.Output.Error);
        else if (_build?.Describe(cause) is { } description)
            Log.Error("{Description:l}", description);
        else
            Log.Error(cause, "The build has thrown an exception outside of its targets");
    }

    private void Finish()
    {
        if (_build is not { ExecutionPlan.Count: > 0 })
            return;

        foreach (var target in _build.ExecutionPlan)
        {
            target.Stopwatch.Stop();
            target.Status = target.Status switch
            {
                ExecutionStatus.Running => ExecutionStatus.Aborted,
                ExecutionStatus.Scheduled => ExecutionStatus.NotRun,
                var status => status,
            };
        }

        if (session.IsShown(DefaultOutput.ErrorsAndWarnings))
            session.WriteRecap();
        Outcome.Write(_build, session.Output);
        try
        {
            _build.OnBuildFinished();
        }
        catch (Exception exception)
        {
            Report(exception);
        }
    }

    private int ExitCode() =>
        session.Interruption?.ExitCode is { } signal && _build is { IsFailing: true } ? signal
        : _build?.ExitCode is { } chosen ? chosen
        : _failure is null ? ExitCodes.Done
        : _failure is UsageException ? ExitCodes.Usage
        : _build?.ExitCodeOf(_failure) ?? ExitCodes.Failed;

    private void Write(IEnumerable<string> lines)
    {
        foreach (var line in lines)
            session.Output.Line(line);
    }

    private static void WriteProblems(IReadOnlyCollection<string> problems, BuildOutput output)
    {
        foreach (var problem in problems.Distinct())
            output.Error(problem);
        output.Line($"Nothing was run ({problems.Count} {(problems.Count == 1 ? "problem" : "problems")}). Run with --help to see the targets and parameters.");
    }
}
