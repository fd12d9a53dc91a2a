namespace RunnerBuild.Desired;

/// <summary>The archive of one commit of an action, where the runner program looks for it before it downloads one.</summary>
/// <param name="Repository">`owner/name`, as GitHub spells it.</param>
/// <param name="Commit">SHA-1, hex.</param>
internal sealed record ActionArchive(string Repository, string Commit)
{
    /// <summary>Within the folder that ACTIONS_RUNNER_ACTION_ARCHIVE_CACHE names; the form is the runner's (ActionManager.cs of actions/runner).</summary>
    public string Path => $"{Repository.Replace('/', '_')}/{Commit}.tar.gz";
}
