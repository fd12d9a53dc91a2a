using System.Collections.Immutable;

namespace RunnerBuild.Config;

/// <summary>What the runner image is made of.</summary>
/// <param name="Base">Reference of the base image; Debian or Ubuntu.</param>
/// <param name="Tools">The tool sets, in order of their names.</param>
/// <param name="Context">Absolute path of an own build context with a Dockerfile; null: the project's `runner-image`.</param>
/// <param name="BuildArguments">Passed on to the build.</param>
internal sealed record ImageRecipe(
    string Base, RunnerRelease Runner, ImmutableArray<ToolSet> Tools, string? Context, ImmutableSortedDictionary<string, string> BuildArguments)
{
    /// <summary>Absolute path of the file that says what the fleet leaves open; may not exist yet.</summary>
    public string LockFile { get; init; } = "";

    /// <summary>How many images of it a host keeps, the one in use included.</summary>
    public int Keep { get; init; } = 3;

    /// <summary>Name of the host that it is built on; null: the first that needs it.</summary>
    public string? Builder { get; init; }

    /// <summary>Repository in a registry by which hosts hand the image over; null: it is streamed.</summary>
    public string? Registry { get; init; }
}

/// <summary>A tool set of the image.</summary>
/// <param name="Name">A file of the image's `tools/`, without its ending.</param>
internal sealed record ToolSet(string Name)
{
    /// <summary>Sets that download a release of their vendor's: which one, the lock says where the fleet does not.</summary>
    public static readonly ImmutableArray<string> Downloaded = ["gh", "helm", "kubectl", "node", "terraform"];

    /// <summary>Sets of the distribution's packages.</summary>
    public static readonly ImmutableArray<string> Packaged = ["ansible", "docker", "python"];

    /// <summary>What is in the image when nobody says anything.</summary>
    public static readonly ImmutableArray<string> Usual = ["ansible", "docker"];

    /// <summary>The release that the fleet names; null: none.</summary>
    public PinnedRelease? Pin { get; init; }

    /// <summary>Absolute path of the file of a set that neither the project nor the context has; null: one of them has it.</summary>
    public string? Script { get; init; }

    public bool IsLeftOpen => Pin is null && Downloaded.Contains(Name);
}

/// <summary>A release whose downloads are known by their hashes. All by architecture: `x64`, `arm64`.</summary>
/// <param name="Sha256">Of the downloads, hex.</param>
internal sealed record PinnedRelease(string Version, ImmutableSortedDictionary<string, string> Sha256)
{
    /// <summary>Where to download instead of the vendor's own place.</summary>
    public ImmutableSortedDictionary<string, string> Urls { get; init; } = ImmutableSortedDictionary<string, string>.Empty;
}

/// <summary>The official runner program that goes into the image.</summary>
/// <param name="Version">`2.330.0`, or `latest`: the lock says which.</param>
/// <param name="Sha256">Per architecture (`x64`, `arm64`), hex; empty when the version is `latest`.</param>
/// <param name="Source">Base of a REST API with the releases of actions/runner: `https://api.github.com`, or a mirror's `…/api/v3`.</param>
internal sealed record RunnerRelease(string Version, ImmutableSortedDictionary<string, string> Sha256, Uri Source)
{
    public bool IsLeftOpen => Version == "latest";
}

/// <summary>The workflow that proves a runner by running a job.</summary>
/// <param name="Repository">`owner/name`.</param>
/// <param name="Workflow">File name, such as `canary.yml`.</param>
internal sealed record Canary(string Repository, string Workflow, string Ref, GitHubScope Scope)
{
    /// <summary>File name of the workflow that proves an image.</summary>
    public string ImageWorkflow { get; init; } = "image-canary.yml";

    /// <summary>What its jobs take where they need an image.</summary>
    public string Image { get; init; } = "debian:trixie";
}
