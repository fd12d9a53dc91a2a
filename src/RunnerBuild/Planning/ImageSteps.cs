using RunnerBuild.Config;
using RunnerBuild.Desired;

namespace RunnerBuild.Planning;

/// <summary>Writes down, on this machine, which releases go into the image.</summary>
internal sealed record WriteLock(string File, ImageLock Lock) : Step
{
    protected override string Text => $"write {File}";
}

/// <summary>Brings the runner image to the host: builds it there, or has it from another.</summary>
/// <param name="From">Name of the host that has it or builds it; null: this one builds it.</param>
internal sealed record ObtainImage(RunnerImage Image, string? From) : Step
{
    protected override string Text => From is null ? $"build {Image.Reference} from {Path.GetFileName(Image.Context.Folder)}" : $"get {Image.Reference} from {From}";
}

/// <summary>Pulls a pool's own image, with the credentials for registries that the host's root has.</summary>
internal sealed record PullImage(string Image) : Step
{
    protected override string Text => $"pull {Image}";
}
