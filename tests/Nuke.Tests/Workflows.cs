using Nuke.Common;
using Nuke.Common.CI.GitHubActions;

namespace Nuke.Tests;

/// <summary>Workflows of GitHub Actions that the build describes by attributes.</summary>
public class Workflows
{
    [Fact]
    public void A_local_run_writes_them_and_says_when_they_changed()
    {
        using var site = new Site();
        site.Run<DescribedBuild>("Work").Output.ShouldContain("[WRN] Configuration files for GitHubActions (nightly) have changed.");
        site.Run<DescribedBuild>("Work").Output.ShouldNotContain("have changed");
        File.Exists(site.At(".github/workflows/manual.yml")).ShouldBeFalse();
    }

    [Fact]
    public void Help_and_CI_write_none()
    {
        using var site = new Site();
        site.Run<DescribedBuild>("--help").ExitCode.ShouldBe(0);
        site.Run<DescribedBuild>("Work", "--host", "GitHubActions").ExitCode.ShouldBe(0);
        Directory.Exists(site.At(".github")).ShouldBeFalse();
    }

    [Fact]
    public void Without_build_cmd_it_calls_build_sh()
    {
        using var site = new Site();
        site.Run<DescribedBuild>("Work");
        site.Read(".github/workflows/nightly.yml").ShouldContain("        run: ./build.sh Work Other\n");
    }

    [Fact]
    public void Every_property_shows_in_the_file()
    {
        using var site = new Site();
        site.Write("build/build.cmd", "");
        site.Run<DescribedBuild>("Work");
        site.Read(".github/workflows/nightly.yml").Split("name: nightly\n")[1].ShouldBe("""

            on:
              push:
                branches-ignore:
                  - 'release/**'
                paths:
                  - src
                  - '!docs/*'
              pull_request:
                branches:
                  - main
                tags:
                  - 'v1.*'
              workflow_dispatch:
                inputs:
                  GitHubOwner:
                    description: "GitHub Owner"
                    required: true
              schedule:
                - cron: '0 3 * * *'

            permissions:
              packages: write
              contents: read

            concurrency:
              group: ${{ github.workflow }} @ ${{ github.event.pull_request.head.label || github.head_ref || github.run_id }}
              cancel-in-progress: true

            jobs:
              ubuntu-22_04:
                name: ubuntu-22_04
                runs-on: ubuntu-22.04
                timeout-minutes: 7
                concurrency:
                  group: one
                environment:
                  name: production
                  url: https://example.org
                steps:
                  - uses: actions/checkout@v6
                    with:
                      submodules: recursive
                      lfs: true
                      fetch-depth: 0
                  - name: 'Run: Work, Other'
                    run: ./build/build.cmd Work Other
                    env:
                      GitHubOwner: ${{ github.event.inputs.GitHubOwner }}
                      NuGetApiKey: ${{ secrets.NUGET_API_KEY }}
              self-hosted:
                name: self-hosted
                runs-on: self-hosted
                timeout-minutes: 7
                concurrency:
                  group: one
                environment:
                  name: production
                  url: https://example.org
                steps:
                  - uses: actions/checkout@v6
                    with:
                      submodules: recursive
                      lfs: true
                      fetch-depth: 0
                  - name: 'Run: Work, Other'
                    run: ./build/build.cmd Work Other
                    env:
                      GitHubOwner: ${{ github.event.inputs.GitHubOwner }}
                      NuGetApiKey: ${{ secrets.NUGET_API_KEY }}

            """);
    }

    [Fact]
    public void An_unknown_one_and_one_without_a_trigger_are_errors()
    {
        using var site = new Site();
        var result = site.Run<DescribedBuild>("--generate-configuration", "GitHubActions_nihgtly");
        result.Output.ShouldContain("Did you mean 'GitHubActions_nightly'?");
        result.ExitCode.ShouldBe(2);
        site.Run<DescribedBuild>("--generate-configuration", "GitHubActions_manual").Output.ShouldContain("must define either On or one of the On… triggers");
    }

    [GitHubActions(
        "nightly", GitHubActionsImage.Ubuntu2204, GitHubActionsImage.SelfHosted,
        OnPushBranchesIgnore = ["release/**"], OnPushIncludePaths = ["src"], OnPushExcludePaths = ["docs/*"],
        OnPullRequestBranches = ["main"], OnPullRequestTags = ["v1.*"], OnWorkflowDispatchRequiredInputs = ["GitHubOwner"], OnCronSchedule = "0 3 * * *",
        WritePermissions = [GitHubActionsPermissions.Packages], ReadPermissions = [GitHubActionsPermissions.Contents],
        ConcurrencyCancelInProgress = true, JobConcurrencyGroup = "one", TimeoutMinutes = 7, EnvironmentName = "production", EnvironmentUrl = "https://example.org",
        Submodules = GitHubActionsSubmodules.Recursive, Lfs = true, FetchDepth = 0, CacheKeyFiles = [], PublishArtifacts = false,
        InvokedTargets = ["Work", "Other"], ImportSecrets = ["NuGetApiKey"])]
    [GitHubActions("manual", GitHubActionsImage.UbuntuLatest, AutoGenerate = false)]
    private sealed class DescribedBuild : NukeBuild
    {
        private Target Work => _ => _.Produces((Common.IO.AbsolutePath)"/a" / "*.zip").Executes(() => { });
        private Target Other => _ => _.Executes(() => { });
    }
}
