using System.Collections.Immutable;

namespace RunnerBuild.Config;

/// <summary>What the runner image is made of.</summary>
/// <param name="Base">Reference of the base image; Debian or Ubuntu.</param>
/// <param name="Tools">Optional tool sets, by name.</param>
/// <param name="Context">Absolute path of an own build context with a Dockerfile; null: the project's `runner-image`.</param>
/// <param name="BuildArguments">Passed on to the build.</param>
internal sealed record ImageRecipe(
    string Base, RunnerRelease Runner, ImmutableArray<ToolRelease> Tools, string? Context, ImmutableSortedDictionary<string, string> BuildArguments);

/// <summary>A tool that goes into the image, from its vendor's release.</summary>
/// <param name="Name">`terraform`, `kubectl` or `helm`: a file of the image's `tools/`.</param>
/// <param name="Sha256">Of the download, per architecture (`x64`, `arm64`), hex.</param>
internal sealed record ToolRelease(string Name, string Version, ImmutableSortedDictionary<string, string> Sha256);

/// <summary>The official runner program that goes into the image.</summary>
/// <param name="Version">`2.330.0`, or `latest`: asked of the release source when the image is planned.</param>
/// <param name="Sha256">Per architecture (`x64`, `arm64`), hex; empty when the version is `latest` and the source tells it.</param>
/// <param name="Source">Base of a REST API with the releases of actions/runner: `https://api.github.com`, or a mirror's `…/api/v3`.</param>
internal sealed record RunnerRelease(string Version, ImmutableSortedDictionary<string, string> Sha256, Uri Source);

/// <summary>The workflow that proves a runner by running a job.</summary>
/// <param name="Repository">`owner/name`.</param>
/// <param name="Workflow">File name, such as `canary.yml`.</param>
internal sealed record Canary(string Repository, string Workflow, string Ref, GitHubScope Scope);
