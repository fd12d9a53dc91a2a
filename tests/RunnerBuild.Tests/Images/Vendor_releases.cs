using RunnerBuild.Applying;
using RunnerBuild.Config;
using RunnerBuild.Remote.Releases;
using Lab.Tests.GitHub;

namespace RunnerBuild.Tests.Images;

/// <summary>The newest releases, as their vendors tell them.</summary>
public sealed class Vendor_releases : IDisposable
{
    private static readonly string One = new('1', 64), Two = new('2', 64);
    private readonly VendorServer _server = VendorServer.Start();

    [Theory]
    [InlineData("gh", "2.63.2", "api.github.com/repos/cli/cli/releases/latest", """{ "tag_name": "v2.63.2" }""",
        "github.com/cli/cli/releases/download/v2.63.2/gh_2.63.2_checksums.txt", "{2}  gh_2.63.2_linux_arm64.tar.gz\n{1}  gh_2.63.2_linux_amd64.tar.gz\n{0}  gh_2.63.2_linux_amd64.deb\n", null)]
    [InlineData("helm", "3.16.4", "get.helm.sh/helm-latest-version", "v3.16.4\n",
        "get.helm.sh/helm-v3.16.4-linux-amd64.tar.gz.sha256sum", "{1}  helm-v3.16.4-linux-amd64.tar.gz\n", "get.helm.sh/helm-v3.16.4-linux-arm64.tar.gz.sha256sum")]
    [InlineData("kubectl", "1.32.1", "dl.k8s.io/release/stable.txt", "v1.32.1",
        "dl.k8s.io/release/v1.32.1/bin/linux/amd64/kubectl.sha256", "{1}", "dl.k8s.io/release/v1.32.1/bin/linux/arm64/kubectl.sha256")]
    [InlineData("node", "22.12.0", "nodejs.org/dist/index.json", """[{ "version": "v23.4.0", "lts": false }, { "version": "v22.12.0", "lts": "Jod" }, { "version": "v20.18.1", "lts": "Iron" }]""",
        "nodejs.org/dist/v22.12.0/SHASUMS256.txt", "{1}  node-v22.12.0-linux-x64.tar.xz\r\n{2}  node-v22.12.0-linux-arm64.tar.xz\r\n", null)]
    [InlineData("terraform", "1.9.8", "api.releases.hashicorp.com/v1/releases/terraform/latest", """{ "version": "1.9.8" }""",
        "releases.hashicorp.com/terraform/1.9.8/terraform_1.9.8_SHA256SUMS", "{1}  terraform_1.9.8_linux_amd64.zip\n{2} *terraform_1.9.8_linux_arm64.zip\n", null)]
    public async Task Every_vendor_is_understood(string tool, string version, string newest, string answer, string sums, string lines, string? sumsOfArm)
    {
        string Filled(string text, string first) => text.Replace("{0}", new string('0', 64)).Replace("{1}", first).Replace("{2}", Two);
        _server.Answers[newest] = answer;
        _server.Answers[sums] = Filled(lines, One);
        if (sumsOfArm is not null)
            _server.Answers[sumsOfArm] = Filled(lines.Replace("amd64", "arm64"), Two);

        var release = await NewestAsync(tool);

        release.Version.ShouldBe(version);
        release.Sha256.ShouldBe(new Dictionary<string, string> { ["arm64"] = Two, ["x64"] = One });
        ToolSet.Downloaded.ShouldBe(ToolVendor.All.Select(vendor => vendor.Name));
    }

    [Theory]
    [InlineData("<html>sign in to the network</html>", "1", "is no release")]
    [InlineData("v1.32.1", "<html>", "no SHA-256")]
    [InlineData(null, null, "404")]
    public async Task What_is_no_release_is_told_with_what_can_be_said_instead(string? newest, string? sums, string why)
    {
        if (newest is not null)
            _server.Answers["dl.k8s.io/release/stable.txt"] = newest;
        if (sums is not null)
            _server.Answers["dl.k8s.io/release/v1.32.1/bin/linux/amd64/kubectl.sha256"] = sums;

        var fault = await Should.ThrowAsync<RunnerBuildException>(() => NewestAsync("kubectl"));

        fault.What.ShouldBe("The newest release of kubectl cannot be told.");
        fault.Why.ShouldContain(why);
        fault.Fix.ShouldContain("tools: { kubectl: { version: …");
    }

    [Fact]
    public async Task Only_what_is_missing_is_looked_up()
    {
        await using var github = await DoubleServer.StartAsync();
        var releases = Directory.CreateDirectory(Path.Combine(github.Folder, "releases")).FullName;
        foreach (var name in new[] { "x64-2.337.0", "arm64-2.337.0", "x64-2.336.0" })
            await File.WriteAllTextAsync(Path.Combine(releases, $"actions-runner-linux-{name}.tar.gz"), name, TestContext.Current.CancellationToken);
        var recipe = ImageSamples.Recipe with { Runner = ImageSamples.Recipe.Runner with { Source = new Uri($"{github.Url}/api/v3") } };
        var asked = new List<string>();
        Task<ImageLock> LookAsync(ImageLock known) => new ReleaseLookup(new ToolReleases(_server.Handler)).CompleteAsync(
            recipe, known, (reference, _) =>
            {
                asked.Add(reference);
                return Task.FromResult<string?>(null);
            },
            TestContext.Current.CancellationToken);

        // Helm's vendor does not answer here, and is not asked.
        var found = await LookAsync(ImageSamples.Lock with { Runner = null, Base = null });

        found.Runner!.Version.ShouldBe("2.337.0");
        found.Runner.Sha256.Keys.ShouldBe(["arm64", "x64"]);
        found.Runner.Urls["arm64"].ShouldBe($"{github.Url}/actions/runner/releases/download/v2.337.0/actions-runner-linux-arm64-2.337.0.tar.gz");
        found.Base.ShouldBe(new LockedBase(ImageSamples.Base, null));
        found.Tools["helm"].Version.ShouldBe("3.16.4");
        asked.ShouldBe([ImageSamples.Base]);
        await Should.ThrowAsync<RunnerBuildException>(() => LookAsync(ImageLock.Empty));
        (await LookAsync(found)).ShouldBe(found with { Tools = found.Tools });
    }

    private Task<PinnedRelease> NewestAsync(string tool) => new ToolReleases(_server.Handler).NewestAsync(tool, TestContext.Current.CancellationToken);

    public void Dispose() => _server.Dispose();
}
