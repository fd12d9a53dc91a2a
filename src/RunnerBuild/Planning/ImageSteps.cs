using RunnerBuild.Config;
using RunnerBuild.Desired;

namespace RunnerBuild.Planning;

/// <summary>Writes down, on this machine, which releases go into the image.</summary>
internal sealed record WriteLock(string File, ImageLock Lock) : Step
{
    protected override string Text => $"write {File}";
}

/// <summary>Builds the runner image on the host.</summary>
/// <param name="ApiVersion">The engine's, such as `1.45`.</param>
internal sealed record BuildImage(RunnerImage Image, string ApiVersion) : Step
{
    protected override string Text => $"build {Image.Reference} from {Path.GetFileName(Image.Context.Folder)}";
}

/// <summary>Pulls a pool's own image, with the credentials for registries that the host's root has.</summary>
internal sealed record PullImage(string Image) : Step
{
    protected override string Text => $"pull {Image}";
}
