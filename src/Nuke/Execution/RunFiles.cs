using Nuke.Common.CI.GitHubActions;
using Nuke.Common.IO;
using Nuke.Common.Parameters;
using Nuke.Common.Secrets;
using Serilog;

namespace Nuke.Common.Execution;

/// <summary>The files that a run keeps up to date beside its work: log, schema, parameters.json, workflows.</summary>
internal sealed class RunFiles(BuildDefinition definition, Request request, Session session)
{
    private AbsolutePath Root => session.Root!;

    public void Prepare(NukeBuild build, IReadOnlyList<ExecutableTarget> targets)
    {
        session.OpenLogFile();
        var allowed = request.Options.Where(x => x.ValueProvider != null).ToDictionary(x => x, x => Request.AllowedFor(x, build));
        WriteWhenChanged(Root / ".nuke" / "build.schema.json", BuildSchema.Content(request.Options, [.. targets.Select(x => x.Name)], allowed));
        if (!(Root / ".nuke" / "parameters.json").FileExists())
            WriteWhenChanged(Root / ".nuke" / "parameters.json", System.Text.Encoding.UTF8.GetBytes(ParametersText.Empty));
        if (NukeBuild.IsLocalBuild)
            Workflows.Where(x => x.AutoGenerate).ToList().ForEach(workflow => Write(workflow, targets));
    }

    /// <summary>Writes the workflow that is asked for, and nothing else.</summary>
    public int Generate(string id, NukeBuild build, IReadOnlyList<ExecutableTarget> targets)
    {
        var known = Workflows.ToDictionary(x => x.Id);
        if (!known.TryGetValue(id, out var workflow))
            throw new UsageException($"--generate-configuration: '{id}' {Conversion.NoneOf(id, known.Keys).Message}.");
        Write(workflow, targets);
        return build.ExitCode ?? ExitCodes.Done;
    }

    private IEnumerable<GitHubActionsAttribute> Workflows => definition.Type.GetCustomAttributes(typeof(GitHubActionsAttribute), inherit: true).Cast<GitHubActionsAttribute>();

    private void Write(GitHubActionsAttribute workflow, IReadOnlyList<ExecutableTarget> targets)
    {
        if (WriteWhenChanged(workflow.FileBelow(Root), System.Text.Encoding.UTF8.GetBytes(new WorkflowText(workflow, Root, targets).ToString())))
            Log.Warning("Configuration files for {Configuration:l} have changed.", $"GitHubActions ({workflow.Name})");
    }

    // In one step, as other runs may read it.
    private bool WriteWhenChanged(AbsolutePath path, ReadOnlySpan<byte> content)
    {
        try
        {
            if (path.FileExists() && path.ReadAllBytes().AsSpan().SequenceEqual(content))
                return false;

            var temporary = Root / ".nuke" / "temp" / $"{path.Name}.{Environment.ProcessId}";
            temporary.WriteAllBytes(content.ToArray());
            path.Parent.CreateDirectory();
            File.Move(temporary, path, overwrite: true);
            return true;
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            Log.Warning("{Path} is not up to date: {Reason:l}", path, exception.Message);
            return false;
        }
    }
}
