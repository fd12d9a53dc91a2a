using RunnerBuild.Desired;

namespace RunnerBuild.Planning;

/// <summary>Builds the runner image on the host.</summary>
/// <param name="ApiVersion">The engine's, such as `1.45`.</param>
internal sealed record BuildImage(RunnerImage Image, string ApiVersion) : Step
{
    protected override string Text => $"build {Image.Reference} from {Path.GetFileName(Image.Context)}";
}

/// <summary>Pulls a pool's own image, with the credentials for registries that the host's root has.</summary>
internal sealed record PullImage(string Image) : Step
{
    protected override string Text => $"pull {Image}";
}
